/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import io.curvine.protocol.Limits;

/**
 * The form of a block's file: for each page that a block can have an entry of 512 bytes ({@link
 * PageEntry}), then the pages themselves. Both are sparse. Numbers are big-endian. A reader on the
 * worker's host reads it too.
 */
public final class BlockFileFormat {
  /** The unit of checksum: what has to be read to tell whether a byte is right. */
  public static final int CHUNK_BYTES = 16 << 10;

  public static final int CHUNKS_PER_PAGE = Limits.PAGE_SIZE_BYTES / CHUNK_BYTES;

  /** A sector, so that a power failure leaves an entry or the one before. */
  public static final int ENTRY_BYTES = 512;

  public static final int PAGES_MAX = Limits.BLOCK_SIZE_MAX_BYTES / Limits.PAGE_SIZE_BYTES;

  /** Where the first page begins. */
  public static final int DATA_AT = PAGES_MAX * ENTRY_BYTES;

  /** What the names of blocks' files end with. */
  public static final String SUFFIX = ".blk";

  private BlockFileFormat() {}

  /** A block's name, as it is in the names of its files. */
  public static String name(long inode, long version, int index) {
    return Long.toHexString(inode) + "-" + Long.toHexString(version) + "-" + index;
  }

  /** Where the entry of a page is. */
  public static long entryAt(int page) {
    return (long) page * ENTRY_BYTES;
  }

  /** Where a byte of the block is. */
  public static long dataAt(long offset) {
    return DATA_AT + offset;
  }

  /** The page of a byte of the block. */
  public static int page(long offset) {
    return (int) (offset / Limits.PAGE_SIZE_BYTES);
  }

  /** The first byte of a page. */
  public static long start(int page) {
    return (long) page * Limits.PAGE_SIZE_BYTES;
  }
}
