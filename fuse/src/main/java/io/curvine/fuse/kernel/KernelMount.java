/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.Vfs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file system mounted by speaking the kernel's FUSE protocol on /dev/fuse (ADR 004).
 *
 * <p>Thread-safe. The format is that of the kernel's include/uapi/linux/fuse.h, 7.31 to 7.39.
 */
public final class KernelMount implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelMount.class);

  /** A program that just closed its last file makes umount say "busy" for a moment. */
  private static final int UNMOUNT_ATTEMPTS = 20;

  private static final long UNMOUNT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  private static final long END_SECONDS = 10;

  private final MountPoint point;
  private final Vfs vfs;
  private final Servers servers;
  private final Forgetting forgetting = new Forgetting();
  private KernelCache cache;
  private boolean closing; // by this

  private KernelMount(MountPoint point, Vfs vfs, FuseConfig config, MeterRegistry registry) {
    this.point = point;
    this.vfs = vfs;
    Dispatcher dispatcher = new Dispatcher(vfs, config, registry, forgetting);
    this.servers = new Servers(dispatcher, config.threads(), config.maxThreads(), this::end);
    registry.gauge("curvine.fuse.threads", servers, Servers::count);
  }

  private void end() {
    cache.close();
    vfs.close();
    LOG.info("unmounted from {}", point.path());
  }

  /**
   * Mounts and serves until {@link #close} or until someone unmounts it. The vfs is closed then.
   *
   * @throws CurvineException INVALID_ARGUMENT for a bad mount point, PERMISSION_DENIED without
   *     root, UNSUPPORTED for a kernel without FUSE 7.31
   */
  public static KernelMount start(
      Path directory, FuseConfig config, Vfs vfs, MeterRegistry registry) throws IOException {
    MountPoint point = MountPoint.at(directory);
    KernelMount mount = new KernelMount(point, vfs, config, registry);
    Device device = Device.open();
    try {
      point.mount(device, config, Negotiation.MAX_WRITE_BYTES);
    } catch (IOException | RuntimeException e) {
      device.close();
      throw e;
    }
    try {
      mount.begin(device, config);
    } catch (IOException | RuntimeException e) {
      point.detach();
      device.close();
      throw e;
    }
    return mount;
  }

  private void begin(Device first, FuseConfig config) throws IOException {
    Request request = new Request(Negotiation.MAX_WRITE_BYTES);
    Reply reply = new Reply(Negotiation.MAX_WRITE_BYTES);
    if (!first.receive(request) || request.opcode() != Opcode.INIT) {
      throw new CurvineException(ErrorCode.UNSUPPORTED, "the kernel does not begin with INIT");
    }
    reply.clear();
    Negotiation.answer(request, reply, config.maxReadahead());
    first.send(reply, reply.finish(request.unique(), 0));
    cache = new KernelCache(first.copy(), vfs, forgetting);
    try {
      servers.start(first);
    } catch (IOException | RuntimeException e) {
      cache.close();
      throw e;
    }
    point.readAhead(config.maxReadahead());
    LOG.info("mounted on {}", point.path());
  }

  /** Waits until the file system is unmounted, by {@link #close} or by anyone. */
  public void awaitUnmounted() throws InterruptedException {
    servers.awaitEnd();
  }

  /** What the kernel believes of this file system. */
  public KernelCache cache() {
    return cache;
  }

  /** Where it is mounted, without symbolic links. */
  public Path path() {
    return point.path();
  }

  /**
   * Unmounts. Where files are still open in it, it leaves the tree at once, what was written is
   * published, and the open files fail from then on.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closing || servers.hasEnded()) {
      return;
    }
    closing = true;
    String connection = point.connection();
    if (connection == null) {
      LOG.debug("{} is unmounted already", point.path());
    } else if (!unmounted()) {
      LOG.warn("files are open under {}: it is detached", point.path());
      point.detach();
      vfs.close();
      MountPoint.abort(connection);
    }
    awaitEnd();
  }

  private boolean unmounted() throws IOException {
    for (int attempt = 1; ; attempt++) {
      int error = point.unmount();
      if (error == 0 || error == Errno.EINVAL) {
        return true;
      }
      if (error != Errno.EBUSY) {
        throw new CurvineException(
            ErrorCode.INVALID_ARGUMENT,
            "unmount of " + point.path() + " failed: " + Libc.describe(error));
      }
      if (attempt == UNMOUNT_ATTEMPTS) {
        return false;
      }
      LockSupport.parkNanos(UNMOUNT_PAUSE_NANOS);
    }
  }

  private void awaitEnd() throws IOException {
    try {
      if (!servers.awaitEnd(END_SECONDS)) {
        LOG.warn("requests on {} are still being served after the unmount", point.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + point.path(), e);
    }
  }
}
