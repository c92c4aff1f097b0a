/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Whole record batches as a region of a segment file, to be sent without copying them. The channel
 * belongs to this slice alone and stays readable even where the segment is dropped or cut
 * meanwhile; whoever takes the slice closes it.
 *
 * @param channel open for reading; null where there is nothing to read
 * @param position of the first byte
 * @param lengthBytes 0 at the journal's end
 */
public record LogSlice(FileChannel channel, long position, int lengthBytes)
    implements AutoCloseable {
  /** Nothing to read. */
  static final LogSlice NONE = new LogSlice(null, 0, 0);

  /**
   * Reads all of it.
   *
   * @param into has room for so many bytes and no more
   */
  public void read(ByteBuffer into) throws IOException {
    long next = position;
    while (into.hasRemaining()) {
      int read = channel.read(into, next);
      if (read < 0) {
        throw new EOFException("a segment ends before byte " + (position + lengthBytes));
      }
      next += read;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
