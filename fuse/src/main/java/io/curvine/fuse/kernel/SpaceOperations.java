/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.ErrnoException;
import io.curvine.fuse.vfs.Space;
import java.io.IOException;

/**
 * Requests on the room that open files take. Thread-safe.
 *
 * <p>The kernel has the inode that changes locked meanwhile, and drops its pages of the range by
 * itself. It does not tell, as it does of writes, when set-id bits are to go: they go unless the
 * caller is root.
 */
final class SpaceOperations {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** Of one request, which cannot be ended by a signal. The program asks for the rest. */
  private static final long COPY_MAX_BYTES = 64L << 20;

  private final Space space;

  SpaceOperations(Space space) {
    this.space = space;
  }

  /** fuse_fallocate_in. */
  void allocate(Request request) throws IOException {
    long handle = request.u64();
    long position = request.u64();
    long length = request.u64();
    int mode = request.u32();
    space.allocate(handle, mode, position, length, dropsSetId(request));
  }

  /** fuse_lseek_in and fuse_lseek_out. */
  void seek(Request request, Reply reply) throws IOException {
    long handle = request.u64();
    long position = request.u64();
    int whence = request.u32();
    if (whence != SEEK_DATA && whence != SEEK_HOLE) {
      throw new ErrnoException(Errno.EINVAL, "the kernel knows by itself what is at " + whence);
    }
    reply.u64(space.seek(handle, position, whence == SEEK_HOLE));
  }

  /** fuse_copy_file_range_in and fuse_write_out. */
  void copy(Request request, Reply reply) throws IOException {
    reply.u32((int) copied(request, reply)).u32(0);
  }

  /** fuse_copy_file_range_in and fuse_copy_file_range_out. */
  void copy64(Request request, Reply reply) throws IOException {
    reply.u64(copied(request, reply));
  }

  private long copied(Request request, Reply reply) throws IOException {
    final Space.Place from = new Space.Place(request.u64(), request.u64());
    request.skip(8); // the target's inode
    final Space.Place to = new Space.Place(request.u64(), request.u64());
    long length = request.u64();
    if (request.u64() != 0) {
      throw new ErrnoException(Errno.EINVAL, "copy_file_range has no flags");
    }
    long asked = length < 0 ? COPY_MAX_BYTES : Math.min(length, COPY_MAX_BYTES);
    // The bytes go through what the answer is built in afterwards.
    long copied = space.copy(from, to, asked, reply.body(), dropsSetId(request));
    reply.clear();
    return copied;
  }

  private static boolean dropsSetId(Request request) {
    return request.caller().uid() != 0;
  }
}
