/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the blocks of a directory after a start: from its table, and from the files of those blocks
 * only that were open when the worker ended.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private Recovery() {}

  static void recover(TierDir dir, BlockStore store) throws IOException {
    Map<Integer, Row> rows = new LinkedHashMap<>();
    dir.openTable(rows::put);
    int kept = 0;
    for (Map.Entry<Integer, Row> each : rows.entrySet()) {
      kept += recoverBlock(dir, each.getKey(), each.getValue(), store) ? 1 : 0;
    }
    LOG.info("directory {} has {} blocks; {} were let go", dir.path(), kept, rows.size() - kept);
  }

  private static boolean recoverBlock(TierDir dir, int index, Row row, BlockStore store)
      throws IOException {
    Optional<BlockState> twin = store.stateOf(row.key());
    boolean copy = row.state() == BlockState.COPYING;
    if (copy) {
      dir.freeRow(index); // its file is a leftover, and may have another block's name
      return false;
    }
    if (twin.isPresent() && row.state() == BlockState.CACHED) {
      dir.remove(index, dir.dataPath(row.key()));
      return false;
    }
    twin.ifPresent(other -> store.drop(row.key()));
    Block block = new Block(store, dir, index, row);
    try {
      block.recovered();
    } catch (NoSuchFileException e) {
      LOG.warn("block {} has no file in {}", row.key(), dir.path());
      dir.freeRow(index);
      return false;
    }
    store.keep(block);
    return true;
  }
}
