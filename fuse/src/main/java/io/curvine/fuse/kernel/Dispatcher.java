/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.Vfs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a request to its operation: one line each. Thread-safe. */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int OPCODES = 64;

  private final NodeOperations nodes;
  private final FileOperations files;
  private final DirectoryOperations directories;
  private final XattrOperations xattrs;
  private final SpaceOperations space;
  private final boolean debug;
  private final MeterRegistry registry;
  private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(OPCODES);
  private final Counter errors;
  private final Counter readBytes;
  private final Counter writtenBytes;

  Dispatcher(Vfs vfs, FuseConfig config, MeterRegistry registry, Forgetting forgetting) {
    ToldLengths lengths = new ToldLengths();
    Attributes attributes = new Attributes(config, lengths);
    nodes = new NodeOperations(vfs, attributes);
    files = new FileOperations(vfs, attributes, forgetting, lengths);
    directories = new DirectoryOperations(vfs, attributes);
    xattrs = new XattrOperations(vfs.xattrs());
    space = new SpaceOperations(vfs.space());
    debug = config.debug();
    this.registry = registry;
    errors = registry.counter("curvine.fuse.errors");
    readBytes = registry.counter("curvine.fuse.read.bytes");
    writtenBytes = registry.counter("curvine.fuse.written.bytes");
    registry.gauge("curvine.fuse.open.handles", vfs, Vfs::openHandles);
  }

  /**
   * Does what the request asks; gives 0 with the answer in the reply's body, or an error number.
   */
  int dispatch(Request request, Reply reply) {
    final long start = System.nanoTime();
    final int opcode = request.opcode();
    int errno;
    try {
      errno = run(opcode, request, reply);
    } catch (IOException e) {
      errno = failed(opcode, request, e);
    } catch (RuntimeException | Error e) {
      LOG.error("{} of inode {} failed by a bug", Opcode.name(opcode), request.node(), e);
      errno = Errno.EIO;
    }
    timer(opcode).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    if (debug) {
      LOG.info("{} inode {} errno {}", Opcode.name(opcode), request.node(), errno);
    }
    return errno;
  }

  private int run(int opcode, Request request, Reply reply) throws IOException {
    switch (opcode) {
      case Opcode.LOOKUP -> nodes.lookup(request, reply);
      case Opcode.FORGET -> nodes.forget(request);
      case Opcode.BATCH_FORGET -> nodes.batchForget(request);
      case Opcode.GETATTR -> nodes.getAttributes(request, reply);
      case Opcode.SETATTR -> nodes.setAttributes(request, reply);
      case Opcode.READLINK -> nodes.readLink(request, reply);
      case Opcode.SYMLINK -> nodes.symlink(request, reply);
      case Opcode.LINK -> nodes.link(request, reply);
      case Opcode.MKNOD -> nodes.makeNode(request, reply);
      case Opcode.MKDIR -> nodes.makeDirectory(request, reply);
      case Opcode.UNLINK -> nodes.unlink(request);
      case Opcode.RMDIR -> nodes.removeDirectory(request);
      case Opcode.RENAME -> nodes.rename(request);
      case Opcode.RENAME2 -> nodes.rename2(request);
      case Opcode.STATFS -> nodes.statFs(request, reply);
      case Opcode.OPEN -> files.open(request, reply);
      case Opcode.CREATE -> files.create(request, reply);
      case Opcode.READ -> readBytes.increment(files.read(request, reply));
      case Opcode.WRITE -> writtenBytes.increment(files.write(request, reply));
      case Opcode.FLUSH -> files.flush(request);
      case Opcode.FSYNC -> files.sync(request);
      case Opcode.RELEASE -> files.release(request);
      case Opcode.FALLOCATE -> space.allocate(request);
      case Opcode.LSEEK -> space.seek(request, reply);
      case Opcode.COPY_FILE_RANGE -> space.copy(request, reply);
      case Opcode.COPY_FILE_RANGE_64 -> space.copy64(request, reply);
      case Opcode.OPENDIR -> directories.open(request, reply);
      case Opcode.READDIR -> directories.read(request, reply, false);
      case Opcode.READDIRPLUS -> directories.read(request, reply, true);
      case Opcode.RELEASEDIR -> directories.release(request);
      case Opcode.SETXATTR -> xattrs.set(request);
      case Opcode.GETXATTR -> xattrs.get(request, reply);
      case Opcode.LISTXATTR -> xattrs.list(request, reply);
      case Opcode.REMOVEXATTR -> xattrs.remove(request);
      // A change of the namespace is durable when it is acknowledged: nothing is left to do.
      case Opcode.FSYNCDIR, Opcode.INTERRUPT, Opcode.DESTROY -> {}
      default -> {
        return Errno.ENOSYS; // the kernel does it itself, or does not ask again
      }
    }
    return 0;
  }

  private int failed(int opcode, Request request, IOException failure) {
    int errno = Errno.of(failure);
    if (errno == Errno.EIO) {
      errors.increment();
      LOG.warn("{} of inode {} failed", Opcode.name(opcode), request.node(), failure);
    } else {
      LOG.debug("{} of inode {}: {}", Opcode.name(opcode), request.node(), failure.getMessage());
    }
    return errno;
  }

  private Timer timer(int opcode) {
    int slot = opcode >= 0 && opcode < OPCODES ? opcode : 0;
    Timer timer = timers.get(slot);
    if (timer == null) {
      timer = registry.timer("curvine.fuse.requests", "op", Opcode.name(slot));
      timers.set(slot, timer);
    }
    return timer;
  }
}
