/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Rewrites a database's files without what was deleted or replaced, while others read and write.
 * One thread runs it, any may cancel it.
 */
final class Compaction implements AutoCloseable {
  /** The database's own compactions go on beside it. */
  private final CompactRangeOptions options =
      new CompactRangeOptions()
          .setExclusiveManualCompaction(false)
          .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized);

  private boolean closed;

  /** Blocks until all is done. */
  void run(RocksDB db, List<ColumnFamilyHandle> families) throws RocksDBException {
    for (ColumnFamilyHandle family : families) {
      db.compactRange(family, null, null, options);
    }
  }

  /** What runs ends soon, with an exception; so does what is begun later. */
  synchronized void cancel() {
    if (!closed) {
      options.setCanceled(true);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    options.close();
  }
}
