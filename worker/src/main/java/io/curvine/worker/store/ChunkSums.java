/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.PageEntry;
import java.nio.ByteBuffer;

/**
 * The checksums of bytes that go to a place in a block, cut where its chunks end: made in one pass,
 * in which those of the chunks and of the whole come out. Immutable.
 */
public final class ChunkSums {
  private final long offset;
  private final int length;
  private final int[] sums;
  private final int whole;

  private ChunkSums(long offset, int length, int[] sums, int whole) {
    this.offset = offset;
    this.length = length;
    this.sums = sums;
    this.whole = whole;
  }

  /**
   * Computes them.
   *
   * @param offset in the block
   * @param bytes from the position to the limit, which stay as they are
   */
  public static ChunkSums of(long offset, ByteBuffer bytes) {
    int length = bytes.remaining();
    int first = (int) (offset / CHUNK_BYTES);
    int count = length == 0 ? 0 : (int) ((offset + length - 1) / CHUNK_BYTES) - first + 1;
    int[] sums = new int[count];
    int whole = 0;
    ByteBuffer piece = bytes.duplicate();
    int at = bytes.position();
    for (int i = 0; i < count; i++) {
      long end = Math.min(offset + length, (first + i + 1L) * CHUNK_BYTES);
      int to = bytes.position() + (int) (end - offset);
      piece.limit(to).position(at);
      sums[i] = Crc32c.of(piece);
      whole = Crc32c.join(whole, sums[i], to - at);
      at = to;
    }
    return new ChunkSums(offset, length, sums, whole);
  }

  /** Of the first byte. */
  long offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /** The checksum of all bytes. */
  public int whole() {
    return whole;
  }

  /** The checksum of those bytes that go to the chunk, counted over the whole block. */
  int ofChunk(long chunk) {
    return sums[(int) (chunk - offset / CHUNK_BYTES)];
  }

  /** The bytes are those that a page's entry vouches for, from its beginning to its end. */
  boolean match(int page, PageEntry entry) {
    long firstChunk = start(page) / CHUNK_BYTES;
    for (int chunk = 0; chunk < entry.chunks(); chunk++) {
      if (!entry.isOpen(chunk) && entry.sum(chunk) != ofChunk(firstChunk + chunk)) {
        return false;
      }
    }
    return true;
  }
}
