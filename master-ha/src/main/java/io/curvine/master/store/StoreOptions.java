/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/** RocksDB's settings, in one place. Owns the native objects that they need. */
final class StoreOptions implements AutoCloseable {
  private final StoreSettings settings;
  private final LRUCache cache;
  private final BloomFilter bloom = new BloomFilter(10, false);
  private final List<ColumnFamilyOptions> families = new ArrayList<>();

  StoreOptions(StoreSettings settings) {
    this.settings = settings;
    this.cache = new LRUCache(settings.blockCacheBytes());
  }

  DBOptions database(List<AbstractEventListener> listeners) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // Without a write-ahead log the families must become durable together.
        .setAtomicFlush(true)
        .setDbWriteBufferSize(settings.writeBufferBytes())
        .setMaxBackgroundJobs(2)
        .setKeepLogFileNum(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setListeners(listeners);
  }

  ColumnFamilyDescriptor family(ColumnFamily<?> family) {
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setWriteBufferSize(settings.writeBufferBytes())
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setLevelCompactionDynamicLevelBytes(true)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
    families.add(options);
    return new ColumnFamilyDescriptor(
        family.storedName().getBytes(StandardCharsets.UTF_8), options);
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyOptions::close);
    bloom.close();
    cache.close();
  }
}
