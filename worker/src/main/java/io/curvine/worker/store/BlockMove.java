/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.PageEntry;
import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Moves a cached block to another directory. Stateless. */
final class BlockMove {
  private BlockMove() {}

  /**
   * Copies the pages that are right, then has the copy take the block's place; whoever reads the
   * block goes on with the old file. A copy that a crash left half done is dropped at the start.
   *
   * @return false where the block may not be moved, or has changed meanwhile
   */
  static boolean move(BlockStore store, Block from, TierDir to) throws IOException {
    if (from.state() != BlockState.CACHED || !from.retain()) {
      return false;
    }
    try (from) {
      long bytes = from.bytes();
      to.reserve(bytes);
      Block copy = new Block(store, to, to.takeRow(), Row.empty(from.key(), BlockState.COPYING));
      try {
        copy.create();
        copyPages(store, from, copy);
        if (store.replace(from, copy)) {
          copy.closeIfIdle();
          return true;
        }
        copy.doom();
        return false;
      } catch (IOException e) {
        copy.doom();
        throw e;
      } finally {
        to.unreserve(bytes);
      }
    }
  }

  private static void copyPages(BlockStore store, Block from, Block copy) throws IOException {
    for (int page = 0; page < from.pageCount(); page++) {
      store.checkOpen();
      PageEntry entry = from.entry(page);
      if (entry == null) {
        continue;
      }
      ByteBuffer content = Io.scratch(entry.length()); // written before the copy's entry needs it
      from.read(content, start(page));
      ChunkSums sums = ChunkSums.of(start(page), content.flip());
      if (sums.match(page, entry)) {
        copy.copyPage(page, content, sums);
      } else {
        from.check(page); // counts it, and lets go of it
      }
    }
  }
}
