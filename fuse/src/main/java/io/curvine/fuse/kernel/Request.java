/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Caller;
import io.curvine.fuse.vfs.Errno;
import io.curvine.fuse.vfs.ErrnoException;
import io.curvine.protocol.io.AlignedBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The buffer that one thread receives requests in, and the request that it holds. Not thread-safe.
 *
 * <p>It is laid out so that the data of a WRITE begin on a page: header (40 bytes), fuse_write_in
 * (40 bytes), data.
 */
final class Request {
  static final int HEADER_BYTES = 40;
  static final int WRITE_IN_BYTES = 40;
  private static final int PAGE_BYTES = 4096;
  private static final int START = PAGE_BYTES - HEADER_BYTES - WRITE_IN_BYTES;

  private final ByteBuffer buffer;
  private final long address;

  Request(int maxWriteBytes) {
    buffer =
        AlignedBuffers.allocate(maxWriteBytes + PAGE_BYTES)
            .slice(START, maxWriteBytes + PAGE_BYTES - START)
            .order(ByteOrder.nativeOrder());
    address = Libc.addressOf(buffer);
  }

  long address() {
    return address;
  }

  int capacity() {
    return buffer.capacity();
  }

  /** What was received: checks the length that the header gives, and stands at the body. */
  void received(int bytes) throws ErrnoException {
    buffer.clear().limit(bytes);
    if (bytes < HEADER_BYTES || buffer.getInt(0) != bytes) {
      throw new ErrnoException(Errno.EIO, "request of " + bytes + " bytes is not whole");
    }
    buffer.position(HEADER_BYTES);
  }

  int opcode() {
    return buffer.getInt(4);
  }

  long unique() {
    return buffer.getLong(8);
  }

  long node() {
    return buffer.getLong(16);
  }

  Caller caller() {
    return new Caller(buffer.getInt(24), buffer.getInt(28));
  }

  int u32() {
    return buffer.getInt();
  }

  long u64() {
    return buffer.getLong();
  }

  void skip(int bytes) {
    buffer.position(buffer.position() + bytes);
  }

  /** Bytes up to the next NUL, which is taken too. */
  ByteString name() throws ErrnoException {
    int end = buffer.position();
    while (end < buffer.limit() && buffer.get(end) != 0) {
      end++;
    }
    if (end == buffer.limit()) {
      throw new ErrnoException(Errno.EINVAL, "name in request does not end");
    }
    ByteString name = ByteString.copyFrom(buffer.slice(buffer.position(), end - buffer.position()));
    buffer.position(end + 1);
    return name;
  }

  /** The next bytes as they lie; valid until the next request. */
  ByteBuffer data(int bytes) throws ErrnoException {
    if (bytes < 0 || bytes > buffer.remaining()) {
      throw new ErrnoException(Errno.EINVAL, "request holds less data than it says");
    }
    ByteBuffer data = buffer.slice(buffer.position(), bytes);
    skip(bytes);
    return data;
  }
}
