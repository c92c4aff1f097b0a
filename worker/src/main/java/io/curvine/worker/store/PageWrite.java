/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.PageEntry;

/**
 * What a write does to the entry of one page that it touches. A chunk that is written anew from its
 * beginning, or gone on with where it ends, keeps a known checksum; others are open until the block
 * is sealed. For one use.
 */
final class PageWrite {
  private final PageEntry entry;
  private final ChunkSums sums;
  private final long firstChunk;

  /** Of the page, in bytes from its beginning. */
  private final int from;

  private final int to;

  PageWrite(PageEntry entry, int page, ChunkSums sums) {
    this.entry = entry;
    this.sums = sums;
    this.firstChunk = start(page) / CHUNK_BYTES;
    this.from = (int) Math.max(0, sums.offset() - start(page));
    this.to = (int) Math.min(PAGE_SIZE_BYTES, sums.offset() + sums.length() - start(page));
  }

  PageEntry entry() {
    return entry;
  }

  /**
   * Before the bytes are written: the entry stops vouching for those that are overwritten.
   *
   * @return whether the entry has changed
   */
  boolean begin() {
    boolean changed = false;
    for (int chunk = from / CHUNK_BYTES; chunk * CHUNK_BYTES < to; chunk++) {
      int valid = chunk * CHUNK_BYTES + entry.chunkLength(chunk);
      boolean overwrites = entry.chunkLength(chunk) > 0 && from < valid;
      if (overwrites && !entry.isOpen(chunk)) {
        entry.setOpen(chunk);
        changed = true;
      }
    }
    return changed;
  }

  /** After the bytes are written. */
  void end() {
    int before = entry.length();
    for (int chunk = before / CHUNK_BYTES; chunk * CHUNK_BYTES < from; chunk++) {
      boolean gap = Math.max(before, chunk * CHUNK_BYTES) < Math.min(from, end(chunk));
      if (gap) {
        entry.setOpen(chunk);
      }
    }
    for (int chunk = from / CHUNK_BYTES; chunk * CHUNK_BYTES < to; chunk++) {
      endChunk(chunk, before);
    }
    entry.setLength(Math.max(before, to));
  }

  private void endChunk(int chunk, int before) {
    int begin = chunk * CHUNK_BYTES;
    int valid = Math.max(begin, Math.min(before, end(chunk)));
    int writtenFrom = Math.max(begin, from);
    int writtenTo = Math.min(end(chunk), to);
    int sum = sums.ofChunk(firstChunk + chunk);
    if (writtenFrom == begin && writtenTo >= valid) {
      entry.setSum(chunk, sum);
    } else if (writtenFrom == valid && !entry.isOpen(chunk)) {
      entry.setSum(chunk, Crc32c.join(entry.sum(chunk), sum, writtenTo - writtenFrom));
    } else {
      entry.setOpen(chunk);
    }
  }

  private static int end(int chunk) {
    return (chunk + 1) * CHUNK_BYTES;
  }
}
