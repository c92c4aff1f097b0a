/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes of one version of a file, in a store that does not check versions itself. The version is
 * looked at again before the last of them are given, so whoever gets them all has what that version
 * held. Not thread-safe.
 */
public abstract class RangeStream extends UfsStream {
  private final String name;
  private long position;
  private long remaining;

  /**
   * For a range that lies in the file.
   *
   * @param name of the file, for messages
   */
  protected RangeStream(String name, long offset, long length) {
    this.name = name;
    this.position = offset;
    this.remaining = length;
  }

  /**
   * Reads what is there, at least a byte, at a position of the file.
   *
   * @param into has room for a byte, and for none that is not in the range; its position moves past
   *     what was read
   * @return how many; -1: the file ends before the position
   */
  protected abstract int readAt(long at, ByteBuffer into) throws IOException;

  /** Says that the file still has the version that is read, or throws UFS_CHANGED. */
  protected abstract void verify() throws IOException;

  @Override
  public final int read(byte[] target, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(target, offset, length));
  }

  @Override
  public final int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    int limit = into.limit();
    int count;
    try {
      into.limit(into.position() + (int) Math.min(into.remaining(), remaining));
      count = readAt(position, into);
    } finally {
      into.limit(limit);
    }
    if (count < 0) {
      throw new CurvineException(
          ErrorCode.UFS_CHANGED, name + ": ended at " + position + " while it was read");
    }
    if (count == remaining) {
      verify();
    }
    position += count;
    remaining -= count;
    return count;
  }
}
