/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import static io.curvine.protocol.block.BlockFileFormat.CHUNKS_PER_PAGE;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.ENTRY_BYTES;

import io.curvine.protocol.Limits;
import java.nio.ByteBuffer;

/**
 * What is known of a page: how many of its first bytes are there, and the CRC32C of each chunk of
 * them. A chunk that was overwritten is open until its checksum is computed anew. Not thread-safe.
 *
 * <pre>
 *   0 magic i32 (0x43765031)   4 length i32   8 open chunks i64, a bit each
 *  16 CRC32C of each chunk, 64 x i32          272 CRC32C of all this and the page's number i32
 * </pre>
 */
public final class PageEntry {
  private static final int MAGIC = 0x43765031;
  private static final int SUMS_AT = 16;
  private static final int CHECK_AT = SUMS_AT + CHUNKS_PER_PAGE * Integer.BYTES;

  private final int[] sums = new int[CHUNKS_PER_PAGE];
  private int length;
  private long open;

  /** A page of which nothing is there. */
  public PageEntry() {}

  /** Bytes of the page that are there; 0: it is missing. */
  public int length() {
    return length;
  }

  /** More of it is there, or less. */
  public void setLength(int bytes) {
    length = bytes;
  }

  /** Bytes of a chunk that are there. */
  public int chunkLength(int chunk) {
    return Math.max(0, Math.min(CHUNK_BYTES, length - chunk * CHUNK_BYTES));
  }

  /** Chunks that have bytes. */
  public int chunks() {
    return (length + CHUNK_BYTES - 1) / CHUNK_BYTES;
  }

  /** The checksum of a chunk that is not open. */
  public int sum(int chunk) {
    return sums[chunk];
  }

  /** The checksum is known now. */
  public void setSum(int chunk, int crc32c) {
    sums[chunk] = crc32c;
    open &= ~bit(chunk);
  }

  /** The checksum is not known until it is set. */
  public void setOpen(int chunk) {
    open |= bit(chunk);
  }

  public boolean isOpen(int chunk) {
    return (open & bit(chunk)) != 0;
  }

  /** The checksum of some chunk is not known. */
  public boolean anyOpen() {
    return open != 0;
  }

  private static long bit(int chunk) {
    return 1L << chunk;
  }

  /**
   * Writes the entry.
   *
   * @param to {@link BlockFileFormat#ENTRY_BYTES} from its position on, which moves past them
   */
  public void writeTo(int page, ByteBuffer to) {
    int at = to.position();
    to.putInt(MAGIC).putInt(length).putLong(open);
    for (int sum : sums) {
      to.putInt(sum);
    }
    to.putInt(check(page, to.duplicate().flip().position(at)));
    while (to.position() < at + ENTRY_BYTES) {
      to.putInt(0);
    }
  }

  /**
   * Reads an entry.
   *
   * @param from {@link BlockFileFormat#ENTRY_BYTES} from its position on, which moves past them
   * @return null where there is none, or it is broken
   */
  public static PageEntry readFrom(int page, ByteBuffer from) {
    PageEntry entry = new PageEntry();
    return entry.become(page, from) ? entry : null;
  }

  /**
   * Becomes what is read.
   *
   * @param from as above
   * @return false where there is no entry, or it is broken; this one is as it was
   */
  public boolean become(int page, ByteBuffer from) {
    int at = from.position();
    from.position(at + ENTRY_BYTES);
    int length = from.getInt(at + 4);
    boolean whole =
        from.getInt(at) == MAGIC
            && length >= 0
            && length <= Limits.PAGE_SIZE_BYTES
            && from.getInt(at + CHECK_AT)
                == check(page, from.duplicate().position(at).limit(at + CHECK_AT));
    if (!whole) {
      return false;
    }
    this.length = length;
    open = from.getLong(at + 8);
    for (int chunk = 0; chunk < CHUNKS_PER_PAGE; chunk++) {
      sums[chunk] = from.getInt(at + SUMS_AT + chunk * Integer.BYTES);
    }
    return true;
  }

  private static int check(int page, ByteBuffer bytes) {
    return Crc32c.of(bytes) ^ page;
  }
}
