/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Bytes of one version of a file. The version is looked at again before the last of them are given,
 * so whoever gets them all has what that version held. Not thread-safe.
 */
final class PosixRangeStream extends UfsStream {
  /** Says that the file still has the version that is read, or throws UFS_CHANGED. */
  interface VersionCheck {
    void verify() throws IOException;
  }

  private final Path path;
  private final FileChannel channel;
  private final VersionCheck check;
  private long position;
  private long remaining;

  PosixRangeStream(Path path, FileChannel channel, long offset, long length, VersionCheck check) {
    this.path = path;
    this.channel = channel;
    this.position = offset;
    this.remaining = length;
    this.check = check;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(target, offset, length));
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
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
      count = channel.read(into, position);
    } catch (IOException e) {
      throw PosixErrors.of(path, e);
    } finally {
      into.limit(limit);
    }
    if (count < 0) {
      throw new CurvineException(
          ErrorCode.UFS_CHANGED, path + ": ended at " + position + " while it was read");
    }
    if (count == remaining) {
      check.verify();
    }
    position += count;
    remaining -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
