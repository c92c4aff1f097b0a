/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.ErrnoException;
import io.curvine.fuse.vfs.Vfs;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests on open files. Thread-safe. */
final class FileOperations {
  private static final int MODE_BITS = 07777;
  private static final int TRUNCATE = 01000;
  private static final int APPEND = 02000;
  private static final int OPEN_KILL_SET_ID = 1;
  private static final int OPENED_KEEP_CACHE = 1 << 1;
  private static final int OPENED_NO_FLUSH = 1 << 5;
  private static final int WRITE_FROM_CACHE = 1;
  private static final int WRITE_KILL_SET_ID = 1 << 2;

  private final Vfs vfs;
  private final Attributes attributes;
  private final Forgetting forgetting;
  private final ToldLengths lengths;

  FileOperations(Vfs vfs, Attributes attributes, Forgetting forgetting, ToldLengths lengths) {
    this.lengths = lengths;
    this.vfs = vfs;
    this.attributes = attributes;
    this.forgetting = forgetting;
  }

  void open(Request request, Reply reply) throws IOException {
    int flags = request.u32();
    boolean dropSetId = (request.u32() & OPEN_KILL_SET_ID) != 0;
    opened(reply, vfs.open(request.caller(), request.node(), flags, dropSetId));
    if ((flags & TRUNCATE) != 0) {
      lengths.told(request.node(), 0); // the kernel knows by itself
    }
  }

  void create(Request request, Reply reply) throws IOException {
    int flags = request.u32();
    int mode = request.u32();
    request.skip(8); // umask, open flags
    ByteString name = request.name();
    Vfs.Created created =
        vfs.create(request.caller(), request.node(), name, mode & MODE_BITS, flags);
    attributes.entry(reply, created.inode());
    opened(reply, created.opened());
  }

  /**
   * fuse_open_out. The kernel drops its pages of the file unless it is told to keep them: another
   * mount may have written. Of who does not write it need not tell each close(2).
   */
  private static void opened(Reply reply, Vfs.Opened opened) {
    int flags = opened.keepsPages() ? OPENED_KEEP_CACHE : 0;
    reply.u64(opened.handle()).u32(opened.writes() ? flags : flags | OPENED_NO_FLUSH).u32(0);
  }

  /**
   * Gives the number of bytes read.
   *
   * @throws ErrnoException ESTALE where the content got shorter, and the kernel would give zeros
   *     for the rest of the old one; it asks again by itself where it was reading ahead
   */
  int read(Request request, Reply reply) throws IOException {
    final long since = System.nanoTime();
    long handle = request.u64();
    long position = request.u64();
    int size = request.u32();
    ByteBuffer body = reply.body();
    body.limit(Math.min(size, body.capacity()));
    int read = vfs.read(handle, position, body);
    if (read < body.limit() && lengths.isCutShort(request.node(), position + read, since)) {
      // Who reads is of an older content, perhaps, than what was told, which may be longer.
      vfs.changedByOthers(request.node());
      read = vfs.read(handle, position, body.position(0));
    }
    if (read < body.limit() && isCutShort(request.node(), position + read, since)) {
      throw new ErrnoException(
          Errno.ESTALE, "inode " + request.node() + " got shorter while it was read");
    }
    body.limit(body.capacity()).position(read);
    return read;
  }

  private boolean isCutShort(long inode, long end, long since) {
    return forgetting.isCutShort(inode, end) || lengths.isCutShort(inode, end, since);
  }

  /** Gives the number of bytes written. */
  int write(Request request, Reply reply) throws IOException {
    final long handle = request.u64();
    final long position = request.u64();
    final int size = request.u32();
    final int writeFlags = request.u32();
    request.skip(8); // lock owner
    final int flags = request.u32();
    request.skip(4);
    boolean append = (flags & APPEND) != 0 && (writeFlags & WRITE_FROM_CACHE) == 0;
    boolean dropSetId = (writeFlags & WRITE_KILL_SET_ID) != 0;
    vfs.write(handle, position, request.data(size), append, dropSetId);
    reply.u32(size).u32(0);
    return size;
  }

  void flush(Request request) throws IOException {
    vfs.flush(request.u64());
  }

  void sync(Request request) throws IOException {
    vfs.sync(request.u64());
  }

  void release(Request request) throws IOException {
    vfs.release(request.u64());
  }
}
