/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.HyperClockCache;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Logger;
import org.rocksdb.RateLimiter;
import org.rocksdb.RateLimiterMode;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's settings, in one place. Owns the native objects that they need. Memory is bounded
 * whatever the number of inodes: indexes and filters are in the block cache with the data, in parts
 * of which only those in use are there.
 */
final class StoreOptions implements AutoCloseable {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(StoreOptions.class);

  /** Of a filter: about 1 % of the keys that are not there cost a read all the same. */
  private static final int BLOOM_BITS_PER_KEY = 10;

  private static final int METADATA_BLOCK_BYTES = 4 << 10;
  private static final int DATA_BLOCK_BYTES = 8 << 10;

  /** Keys of a directory's names begin with its number. */
  private static final int DIRECTORY_PREFIX_BYTES = 8;

  /**
   * Keys with the same first bytes are written in order, mostly: names of a directory, results and
   * leases of a session, new inodes. The place of the last one is where the next goes, and need not
   * be searched for.
   */
  private static final Map<ColumnFamily<?>, Integer> HINT_PREFIX_BYTES =
      Map.of(
          ColumnFamily.DENTRIES,
          DIRECTORY_PREFIX_BYTES,
          ColumnFamily.RESULTS,
          Long.BYTES,
          ColumnFamily.LEASES,
          Long.BYTES,
          ColumnFamily.INODES,
          Long.BYTES - 1);

  /**
   * Part of a write buffer that goes to its filter, for the names: most that are searched for are
   * new. It is taken whole when the buffer begins, so a filter in every family would fill the
   * buffers of all before anything is written.
   */
  private static final double MEMTABLE_FILTER_PART = 0.05;

  /** Open tables; more are closed and opened again. */
  private static final int OPEN_FILES_MAX = 512;

  /** So that dirty pages go out steadily and not all in the fsync at the end. */
  private static final long SYNC_STEP_BYTES = 1 << 20;

  /** Upper bound of what flushes and compactions write; tuned down from there by itself. */
  private static final long BACKGROUND_BYTES_PER_SECOND = 256L << 20;

  private static final long REFILL_MICROS = 100_000;
  private static final int FAIRNESS = 10;

  private static final int LEVELS = 7;

  /**
   * Every flush of inodes spans all of them, from the first directory to the newest file, so each
   * compaction out of level 0 writes the whole first level again: it is kept small. From there on
   * files of new inodes alone are moved without being written.
   */
  private static final long FIRST_LEVEL_BYTES = 32 << 20;

  private static final long FIRST_LEVEL_FILE_BYTES = 8 << 20;

  /** So that there are not too many to keep open. */
  private static final int FILE_GROWTH = 2;

  /**
   * What a flush writes is soon written again, and read before that for every new name. Below, one
   * kind for all levels: only then are files moved down without being written.
   */
  private static final List<CompressionType> COMPRESSION =
      Stream.concat(
              Stream.of(CompressionType.NO_COMPRESSION),
              Stream.generate(() -> CompressionType.LZ4_COMPRESSION).limit(LEVELS - 1))
          .toList();

  private final StoreSettings settings;
  private final HyperClockCache cache;
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY, false);
  private final RateLimiter limiter =
      new RateLimiter(
          BACKGROUND_BYTES_PER_SECOND, REFILL_MICROS, FAIRNESS, RateLimiterMode.WRITES_ONLY, true);
  private final Logger silence =
      new Logger(InfoLogLevel.FATAL_LEVEL) {
        @Override
        protected void log(InfoLogLevel level, String message) {
          LOG.warn("the database says: {}", message);
        }
      };
  private final List<ColumnFamilyOptions> families = new ArrayList<>();

  StoreOptions(StoreSettings settings) {
    this.settings = settings;
    this.cache = new HyperClockCache(settings.blockCacheBytes(), 0, -1, false);
  }

  DBOptions database(List<AbstractEventListener> listeners) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // Without a write-ahead log the families must become durable together.
        .setAtomicFlush(true)
        .setDbWriteBufferSize(settings.writeBufferBytes())
        .setMaxBackgroundJobs(2)
        .setRateLimiter(limiter)
        .setBytesPerSync(SYNC_STEP_BYTES)
        .setMaxOpenFiles(OPEN_FILES_MAX)
        .setKeepLogFileNum(2)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setListeners(listeners);
  }

  /** For a database that is not written: not even with the library's own log. */
  DBOptions databaseForReading() {
    return new DBOptions().setMaxOpenFiles(OPEN_FILES_MAX).setLogger(silence);
  }

  ColumnFamilyDescriptor family(ColumnFamily<?> family) {
    ColumnFamilyOptions options =
        newOptions(family)
            .setWriteBufferSize(settings.writeBufferBytes())
            .setMaxWriteBufferNumber(4)
            .setMaxBytesForLevelBase(FIRST_LEVEL_BYTES)
            .setTargetFileSizeBase(FIRST_LEVEL_FILE_BYTES)
            .setTargetFileSizeMultiplier(FILE_GROWTH)
            .setCompressionPerLevel(COMPRESSION)
            .setDisableAutoCompactions(settings.compactLater())
            .setLevelCompactionDynamicLevelBytes(true)
            .setTableFormatConfig(table());
    if (family == ColumnFamily.DENTRIES) {
      options
          .useFixedLengthPrefixExtractor(DIRECTORY_PREFIX_BYTES)
          .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_PART)
          .setMemtableWholeKeyFiltering(true);
    }
    families.add(options);
    return new ColumnFamilyDescriptor(
        family.storedName().getBytes(StandardCharsets.UTF_8), options);
  }

  /** With a hint where the last key of the same prefix went; the library has no setter for it. */
  private static ColumnFamilyOptions newOptions(ColumnFamily<?> family) {
    Integer prefix = HINT_PREFIX_BYTES.get(family);
    if (prefix == null) {
      return new ColumnFamilyOptions();
    }
    Properties properties = new Properties();
    properties.setProperty(
        "memtable_insert_with_hint_prefix_extractor", "rocksdb.FixedPrefix." + prefix);
    ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(properties);
    if (options == null) {
      throw new IllegalStateException("this version of RocksDB does not know " + properties);
    }
    return options;
  }

  private BlockBasedTableConfig table() {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(DATA_BLOCK_BYTES)
        .setFilterPolicy(bloom)
        .setOptimizeFiltersForMemory(true)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setPartitionFilters(true)
        .setMetadataBlockSize(METADATA_BLOCK_BYTES)
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setPinTopLevelIndexAndFilter(true);
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyOptions::close);
    limiter.close();
    bloom.close();
    cache.close();
    silence.close();
  }
}
