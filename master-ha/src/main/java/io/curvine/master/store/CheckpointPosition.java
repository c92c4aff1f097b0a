/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Where in the log a checkpoint stands. It is made while entries are applied, so only its own
 * content says that: each write batch carries the index of its entry. Immutable.
 *
 * @param term of the last Raft entry that it has; 0 where it has none
 * @param index of the last Raft entry that it has
 * @param nextOffset of the event that comes next
 * @param clusterId empty before the cluster was formed
 */
public record CheckpointPosition(long term, long index, long nextOffset, String clusterId) {
  /** Enough for the few files that hold the counters. */
  private static final int OPEN_FILES_MAX = 16;

  static {
    RocksDB.loadLibrary();
  }

  /**
   * Reads it, from the two column families that have it; changes nothing in the directory.
   *
   * @throws IOException where the directory does not hold a readable database
   */
  public static CheckpointPosition read(Path database) throws IOException {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    List<ColumnFamilyDescriptor> families =
        List.of(descriptor(ColumnFamily.META), descriptor(ColumnFamily.CLUSTER));
    try (DBOptions options = new DBOptions().setMaxOpenFiles(OPEN_FILES_MAX);
        RocksDB db = RocksDB.openReadOnly(options, database.toString(), families, handles)) {
      try (ColumnFamilyHandle meta = handles.get(0);
          ColumnFamilyHandle clusters = handles.get(1)) {
        byte[] cluster = db.get(clusters, Keys.EMPTY.bytes());
        return new CheckpointPosition(
            number(db, meta, Counter.APPLIED_TERM),
            number(db, meta, Counter.APPLIED_INDEX),
            number(db, meta, Counter.NEXT_OFFSET),
            cluster == null ? "" : ColumnFamily.CLUSTER.toValue(cluster));
      }
    } catch (RocksDBException e) {
      throw new IOException("cannot read the checkpoint " + database + ": " + e.getMessage(), e);
    } finally {
      removeLogs(database);
    }
  }

  private static long number(RocksDB db, ColumnFamilyHandle meta, Counter counter)
      throws RocksDBException {
    byte[] value = db.get(meta, counter.key().bytes());
    return value == null ? 0 : ColumnFamily.META.toValue(value);
  }

  private static ColumnFamilyDescriptor descriptor(ColumnFamily<?> family) {
    return new ColumnFamilyDescriptor(family.storedName().getBytes(StandardCharsets.UTF_8));
  }

  /** The library writes its own log wherever it opens a database, even one that it only reads. */
  private static void removeLogs(Path database) throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(database)) {
      logs = files.filter(file -> file.getFileName().toString().startsWith("LOG")).toList();
    }
    for (Path log : logs) {
      Files.delete(log);
    }
  }
}
