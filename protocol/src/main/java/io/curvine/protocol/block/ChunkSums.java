/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.start;

import java.nio.ByteBuffer;

/**
 * The checksums of bytes that go to a place in a block, cut where its chunks end: made in one pass,
 * in which those of the chunks and of the whole come out. Immutable.
 */
public final class ChunkSums {
  private final long offset;
  private final int length;
  private final int[] sums;

  private ChunkSums(long offset, int length, int[] sums) {
    this.offset = offset;
    this.length = length;
    this.sums = sums;
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
    ByteBuffer piece = bytes.duplicate();
    int at = bytes.position();
    for (int i = 0; i < count; i++) {
      long end = Math.min(offset + length, (first + i + 1L) * CHUNK_BYTES);
      int to = bytes.position() + (int) (end - offset);
      piece.limit(to).position(at);
      sums[i] = Crc32c.of(piece);
      at = to;
    }
    return new ChunkSums(offset, length, sums);
  }

  /**
   * Takes what {@link #toBuffer} gave.
   *
   * @param offset in the block, where a chunk begins
   * @param length of the bytes, 1 or more
   * @param sums whose remaining bytes are the checksums and nothing else
   * @throws IllegalArgumentException where they are not, or of other chunks
   */
  public static ChunkSums readFrom(long offset, int length, ByteBuffer sums) {
    int count = (length + CHUNK_BYTES - 1) / CHUNK_BYTES;
    if (length < 1 || offset % CHUNK_BYTES != 0 || sums.remaining() != count * Integer.BYTES) {
      throw new IllegalArgumentException(
          sums.remaining()
              + " bytes of checksums for "
              + length
              + " bytes at "
              + offset
              + "; needed: 4 bytes for each chunk of "
              + CHUNK_BYTES
              + ", from the beginning of one");
    }
    int[] read = new int[count];
    for (int i = 0; i < count; i++) {
      read[i] = sums.getInt();
    }
    return new ChunkSums(offset, length, read);
  }

  /** The checksums of the chunks one after the other, big-endian; for {@link #readFrom}. */
  public ByteBuffer toBuffer() {
    ByteBuffer buffer = ByteBuffer.allocate(sums.length * Integer.BYTES);
    buffer.asIntBuffer().put(sums);
    return buffer;
  }

  /** Of the first byte. */
  public long offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** The checksum of all bytes. */
  public int whole() {
    int whole = 0;
    long at = offset;
    for (int sum : sums) {
      long end = Math.min(offset + length, (at / CHUNK_BYTES + 1) * CHUNK_BYTES);
      whole = Crc32c.join(whole, sum, (int) (end - at));
      at = end;
    }
    return whole;
  }

  /** The checksum of those bytes that go to the chunk, counted over the whole block. */
  public int ofChunk(long chunk) {
    return sums[(int) (chunk - offset / CHUNK_BYTES)];
  }

  /** The bytes are those that a page's entry vouches for, from its beginning to its end. */
  public boolean match(int page, PageEntry entry) {
    long firstChunk = start(page) / CHUNK_BYTES;
    for (int chunk = 0; chunk < entry.chunks(); chunk++) {
      if (!entry.isOpen(chunk) && entry.sum(chunk) != ofChunk(firstChunk + chunk)) {
        return false;
      }
    }
    return true;
  }
}
