/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.StateView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushJobInfo;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The committed state in RocksDB. Its write-ahead log is off: the Raft log is that, replayed from
 * the applied index that each batch holds. All families are flushed together, so what is found
 * after a crash is the state at some applied index.
 *
 * <p>Thread-safe; one thread writes. Closing waits for readers, because an iterator on a closed
 * database ends the process.
 */
public final class StateStore implements KvReader, AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private final Path directory;
  private final StoreOptions options;
  private final AbstractEventListener flushListener;
  private final DBOptions dbOptions;
  private final RocksDB db;
  private final Map<ColumnFamily, ColumnFamilyHandle> handles = new EnumMap<>(ColumnFamily.class);
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final ReadOptions readOptions = new ReadOptions();
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  private StateStore(Path directory, Runnable beforeFlush) throws IOException {
    this.directory = directory;
    this.options = new StoreOptions();
    this.flushListener =
        new AbstractEventListener(AbstractEventListener.EnabledEventCallback.ON_FLUSH_BEGIN) {
          @Override
          public void onFlushBegin(RocksDB flushing, FlushJobInfo info) {
            beforeFlush.run();
          }
        };
    this.dbOptions = options.database(List.of(flushListener));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (ColumnFamily family : ColumnFamily.values()) {
      descriptors.add(options.family(family));
    }
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      this.db = RocksDB.open(dbOptions, directory.toString(), descriptors, opened);
    } catch (RocksDBException e) {
      dbOptions.close();
      options.close();
      throw new IOException("cannot open the state in " + directory + ": " + e.getMessage(), e);
    }
    Iterator<ColumnFamilyHandle> inOrder = opened.iterator();
    for (ColumnFamily family : ColumnFamily.values()) {
      handles.put(family, inOrder.next());
    }
  }

  /**
   * Opens the state in a directory, or makes an empty one.
   *
   * @param beforeFlush called on a thread of the database before what is in memory becomes durable;
   *     makes durable what must not be older than the state
   * @throws IOException where the directory does not hold a readable database
   */
  public static StateStore open(Path directory, Runnable beforeFlush) throws IOException {
    return new StateStore(directory, beforeFlush);
  }

  @Override
  public byte[] get(ColumnFamily family, byte[] key) {
    return guarded(() -> db.get(handles.get(family), readOptions, key));
  }

  @Override
  public void scan(ColumnFamily family, byte[] from, byte[] to, Visitor visitor) {
    guarded(
        () -> {
          scan(null, family, from, to, visitor);
          return null;
        });
  }

  private void scan(Snapshot snapshot, ColumnFamily family, byte[] from, byte[] to, Visitor visitor)
      throws RocksDBException {
    try (Slice end = to == null ? null : new Slice(to);
        ReadOptions bounded = new ReadOptions()) {
      if (end != null) {
        bounded.setIterateUpperBound(end);
      }
      if (snapshot != null) {
        bounded.setSnapshot(snapshot);
      }
      try (RocksIterator at = db.newIterator(handles.get(family), bounded)) {
        at.seek(from);
        while (at.isValid() && visitor.visit(at.key(), at.value())) {
          at.next();
        }
        at.status();
      }
    }
  }

  /** Runs the reader on one consistent snapshot; writes go on meanwhile. */
  public <T> T read(Function<StateView, T> reader) {
    return guarded(
        () -> {
          Snapshot snapshot = db.getSnapshot();
          try (ReadOptions at = new ReadOptions().setSnapshot(snapshot)) {
            return reader.apply(new StateView(new SnapshotReader(snapshot, at)));
          } finally {
            db.releaseSnapshot(snapshot);
          }
        });
  }

  /** The committed state; consistent for one get or scan only. */
  public StateView view() {
    return new StateView(this);
  }

  /** Writes all changes at once. They are visible when this returns, and durable after a flush. */
  public void write(Overlay changes) {
    guarded(
        () -> {
          try (WriteBatch batch = new WriteBatch()) {
            changes.forEachChange(
                (family, key, value) -> {
                  try {
                    if (value == null) {
                      batch.delete(handles.get(family), key);
                    } else {
                      batch.put(handles.get(family), key, value);
                    }
                  } catch (RocksDBException e) {
                    throw new IllegalStateException("cannot build a write batch", e);
                  }
                });
            db.write(writeOptions, batch);
          }
          return null;
        });
  }

  /** Makes a copy by hard links in a directory that must not exist. */
  public void checkpoint(Path target) throws IOException {
    try {
      guarded(
          () -> {
            try (FlushOptions flush =
                    new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true);
                Checkpoint checkpoint = Checkpoint.create(db)) {
              db.flush(flush, List.copyOf(handles.values()));
              checkpoint.createCheckpoint(target.toString());
            }
            return null;
          });
    } catch (StoreException e) {
      throw new IOException("cannot make a checkpoint in " + target + ": " + e.getMessage(), e);
    }
  }

  /** Where the database is. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      handles.values().forEach(ColumnFamilyHandle::close);
      db.close();
      readOptions.close();
      writeOptions.close();
      dbOptions.close();
      flushListener.close();
      options.close();
    } finally {
      open.writeLock().unlock();
    }
  }

  /** What is asked of the database. */
  @FunctionalInterface
  private interface Operation<T> {
    T run() throws RocksDBException;
  }

  private <T> T guarded(Operation<T> operation) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new StoreException("the state in " + directory + " is closed", null);
      }
      return operation.run();
    } catch (RocksDBException e) {
      throw new StoreException("the state in " + directory + " failed: " + e.getMessage(), e);
    } finally {
      open.readLock().unlock();
    }
  }

  /** Reads one snapshot, under the lock of its maker. */
  private final class SnapshotReader implements KvReader {
    private final Snapshot snapshot;
    private final ReadOptions at;

    SnapshotReader(Snapshot snapshot, ReadOptions at) {
      this.snapshot = snapshot;
      this.at = at;
    }

    @Override
    public byte[] get(ColumnFamily family, byte[] key) {
      return guarded(() -> db.get(handles.get(family), at, key));
    }

    @Override
    public void scan(ColumnFamily family, byte[] from, byte[] to, Visitor visitor) {
      guarded(
          () -> {
            StateStore.this.scan(snapshot, family, from, to, visitor);
            return null;
          });
    }
  }
}
