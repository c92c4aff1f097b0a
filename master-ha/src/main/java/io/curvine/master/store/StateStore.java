/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.StateView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushJobInfo;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
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
  /** A reader that entries overtook so often is given a snapshot, which costs more. */
  private static final int READ_ATTEMPTS_MAX = 3;

  /** Far below where the library begins to slow writes. */
  private static final int WAITING_FILES_MAX = 8;

  private static final long READ_AHEAD_BYTES = 1 << 20;

  static {
    NativeLibrary.load();
  }

  private final Path directory;
  private final StoreOptions options;
  private final AbstractEventListener flushListener;
  private final DBOptions dbOptions;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();

  /**
   * By number; null where the database was made before there was such a family, and is only read.
   */
  private final ColumnFamilyHandle[] byNumber = new ColumnFamilyHandle[ColumnFamily.count()];

  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final ReadOptions readOptions = new ReadOptions();
  private final Compaction compaction = new Compaction();
  private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
  private final DatabaseReader database = new DatabaseReader(null, readOptions);
  private final int[] familyIds;
  private final HotValues hot;
  private boolean closed;
  private volatile boolean compactionWaits;
  private volatile Visible visible = Visible.first(this);

  private StateStore(Path directory, StoreSettings settings, boolean readOnly, Runnable beforeFlush)
      throws IOException {
    this.directory = directory;
    this.options = new StoreOptions(settings);
    this.compactionWaits = settings.compactLater();
    this.flushListener =
        new AbstractEventListener(AbstractEventListener.EnabledEventCallback.ON_FLUSH_BEGIN) {
          @Override
          public void onFlushBegin(RocksDB flushing, FlushJobInfo info) {
            beforeFlush.run();
          }
        };
    this.dbOptions =
        readOnly ? options.databaseForReading() : options.database(List.of(flushListener));
    try {
      List<ColumnFamily<?>> families = readOnly ? stored(directory) : ColumnFamily.all();
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (ColumnFamily<?> family : families) {
        descriptors.add(options.family(family));
      }
      if (readOnly) {
        this.db = RocksDB.openReadOnly(dbOptions, directory.toString(), descriptors, handles);
      } else {
        Files.createDirectories(directory);
        this.db = RocksDB.open(dbOptions, directory.toString(), descriptors, handles);
      }
      for (int i = 0; i < handles.size(); i++) {
        byNumber[families.get(i).number()] = handles.get(i);
      }
    } catch (RocksDBException e) {
      dbOptions.close();
      options.close();
      throw new IOException("cannot open the state in " + directory + ": " + e.getMessage(), e);
    }
    try {
      this.familyIds = handles.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
      this.hot = new HotValues(database, database::stored, settings.cacheBytes());
    } catch (RuntimeException e) {
      close();
      throw new IOException("cannot read the state in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** The families that a database has. */
  private static List<ColumnFamily<?>> stored(Path directory) throws RocksDBException {
    Set<String> names = new HashSet<>();
    try (Options plain = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(plain, directory.toString())) {
        names.add(new String(name, UTF_8));
      }
    }
    List<ColumnFamily<?>> stored = new ArrayList<>(ColumnFamily.all());
    stored.removeIf(family -> !names.contains(family.storedName()));
    return stored;
  }

  /**
   * Opens the state in a directory, or makes an empty one.
   *
   * @param beforeFlush called on a thread of the database before what is in memory becomes durable;
   *     makes durable what must not be older than the state
   * @throws IOException where the directory does not hold a readable database
   */
  public static StateStore open(Path directory, StoreSettings settings, Runnable beforeFlush)
      throws IOException {
    return new StateStore(directory, settings, false, beforeFlush);
  }

  /**
   * Opens the state in a directory for reading only: nothing in the directory is written or
   * removed. No process may write it meanwhile. A family that an older build did not have is empty.
   *
   * @throws IOException where the directory does not hold a readable database
   */
  public static StateStore openReadOnly(Path directory, StoreSettings settings) throws IOException {
    if (!Files.isRegularFile(directory.resolve("CURRENT"))) {
      throw new IOException(directory + " holds no state");
    }
    return new StateStore(directory, settings, true, () -> {});
  }

  @Override
  public <V> V get(ColumnFamily<V> family, Key key) {
    return hot.get(family, key);
  }

  @Override
  public <V> void scan(ColumnFamily<V> family, Key from, Key to, Visitor<V> visitor) {
    database.scan(family, from, to, visitor);
  }

  /**
   * Runs the reader on the state as it is now, whole entries only. For brief readers that change
   * nothing: one that an entry overtook runs again, so it may run several times.
   */
  public <T> T readNow(Function<StateView, T> reader) {
    for (int attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
      Visible seen = visible;
      try {
        T result = reader.apply(seen.view());
        if (visible.entry() == seen.entry()) {
          return result;
        }
      } catch (IllegalStateException e) {
        // Parts of two entries contradict each other; of one they do not.
        if (visible.entry() == seen.entry()) {
          throw e;
        }
      }
    }
    return read(reader);
  }

  /** Runs the reader on one consistent snapshot; writes go on meanwhile. For readers that scan. */
  public <T> T read(Function<StateView, T> reader) {
    return guarded(
        () -> {
          while (true) {
            Visible seen = visible;
            Snapshot snapshot = db.getSnapshot();
            try (ReadOptions at = new ReadOptions().setSnapshot(snapshot)) {
              // Else the snapshot may hold an entry that what was seen lies under.
              if (visible.entry() == seen.entry()) {
                return reader.apply(seen.over(new DatabaseReader(snapshot, at)));
              }
            } finally {
              db.releaseSnapshot(snapshot);
            }
          }
        });
  }

  /** The committed state; consistent for one get or scan only. */
  public StateView view() {
    return visible.view();
  }

  /**
   * Writes the changes of an entry, and its place in the Raft log, at once. They are visible when
   * this returns, and durable after a flush. The changes lie over this store, and are its own from
   * here on.
   */
  public void write(Overlay changes, long term, long index) {
    changes.rebase(this);
    visible = visible.writing(changes);
    write(changes, position(term, index));
    visible = visible.written(this);
  }

  /**
   * Writes what a fold gave, without a place in the Raft log; otherwise as {@link #write(Overlay,
   * long, long)}.
   */
  public void writeFolded(Overlay changes) {
    changes.rebase(this);
    visible = visible.writing(changes);
    EntryWrites writes = new EntryWrites(familyIds, changes);
    // Many keys: the database puts a key beside the one before it without a search.
    changes.forEachChangeInOrder(writes);
    write(writes);
    visible = visible.written(this);
  }

  /** Notes that a Raft entry that changes nothing was passed. */
  public void advance(long term, long index) {
    write(new Overlay(this), position(term, index));
  }

  /** What is written with every entry, and not seen before it is. */
  private Overlay position(long term, long index) {
    Overlay position = new Overlay(this);
    position.put(ColumnFamily.META, Counter.APPLIED_TERM.key(), term);
    position.put(ColumnFamily.META, Counter.APPLIED_INDEX.key(), index);
    return position;
  }

  private void write(Overlay changes, Overlay position) {
    EntryWrites writes = new EntryWrites(familyIds, changes);
    changes.forEachChange(writes);
    position.forEachChange(writes);
    write(writes);
  }

  private void write(EntryWrites writes) {
    guarded(
        () -> {
          try (WriteBatch batch = new WriteBatch(writes.batch())) {
            db.write(writeOptions, batch);
          }
          return null;
        });
    hot.follow(writes.hot());
  }

  private ColumnFamilyHandle handle(ColumnFamily<?> family) {
    return byNumber[family.number()];
  }

  /**
   * The state as it is now, for readers that take long; what is written later is not in it. Whoever
   * takes it closes it: until then the database keeps what was replaced.
   */
  public FrozenState freeze() {
    return guarded(
        () -> {
          Snapshot snapshot = db.getSnapshot();
          ReadOptions at = new ReadOptions().setSnapshot(snapshot);
          DatabaseReader reader = new DatabaseReader(snapshot, at);
          return new FrozenState(reader, reader::scanStored, () -> release(snapshot, at));
        });
  }

  private void release(Snapshot snapshot, ReadOptions at) {
    open.readLock().lock();
    try {
      at.close();
      if (!closed) {
        db.releaseSnapshot(snapshot);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  /** Keys of all families, as the database estimates them. */
  public long estimatedKeys() {
    return guarded(
        () -> {
          long keys = 0;
          for (ColumnFamilyHandle family : handles) {
            keys += db.getLongProperty(family, "rocksdb.estimate-num-keys");
          }
          return keys;
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
              db.flush(flush, handles);
              checkpoint.createCheckpoint(target.toString());
            }
            return null;
          });
    } catch (StoreException e) {
      throw new IOException("cannot make a checkpoint in " + target + ": " + e.getMessage(), e);
    }
  }

  /**
   * Rewrites the files without what was deleted or replaced, while others read and write; slow. By
   * one thread at a time; closing ends it.
   */
  public void compact() throws IOException {
    try {
      guarded(
          () -> {
            compaction.run(db, handles);
            return null;
          });
    } catch (StoreException e) {
      throw new IOException("cannot compact: " + e.getMessage(), e);
    }
  }

  /**
   * Where compaction waits for the end of a start, it begins. Again does nothing.
   *
   * @param started the start has ended; otherwise only where so many files wait that writes would
   *     soon have to
   */
  public void compactFromNowOn(boolean started) {
    if (!compactionWaits) {
      return;
    }
    guarded(
        () -> {
          if (started || filesToCompact() >= WAITING_FILES_MAX) {
            db.enableAutoCompaction(handles);
            compactionWaits = false;
          }
          return null;
        });
  }

  /** Of the family that has most. */
  private long filesToCompact() throws RocksDBException {
    long most = 0;
    for (ColumnFamilyHandle family : handles) {
      String files = db.getProperty(family, "rocksdb.num-files-at-level0");
      most = Math.max(most, Long.parseLong(files));
    }
    return most;
  }

  /** Where the database is. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    compaction.cancel();
    open.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      handles.forEach(ColumnFamilyHandle::close);
      db.close();
      readOptions.close();
      writeOptions.close();
      compaction.close();
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

  /** Reads the database, at one snapshot or as it is. */
  private final class DatabaseReader implements KvReader {
    private final Snapshot snapshot;
    private final ReadOptions at;

    DatabaseReader(Snapshot snapshot, ReadOptions at) {
      this.snapshot = snapshot;
      this.at = at;
    }

    @Override
    public <V> V get(ColumnFamily<V> family, Key key) {
      byte[] value = stored(family, key);
      return value == null ? null : family.toValue(value);
    }

    byte[] stored(ColumnFamily<?> family, Key key) {
      return guarded(
          () -> {
            ColumnFamilyHandle place = handle(family);
            return place == null ? null : db.get(place, at, key.bytes());
          });
    }

    @Override
    public <V> void scan(ColumnFamily<V> family, Key from, Key to, Visitor<V> visitor) {
      guarded(
          () -> {
            scanGuarded(family, from, to, visitor);
            return null;
          });
    }

    private <V> void scanGuarded(ColumnFamily<V> family, Key from, Key to, Visitor<V> visitor)
        throws RocksDBException {
      // A directory's filter is used where the range allows it, and only there.
      try (ReadOptions bounded = new ReadOptions().setAutoPrefixMode(true)) {
        iterate(
            family,
            from,
            to,
            bounded,
            place -> visitor.visit(Key.of(place.key()), family.toValue(place.value())));
      }
    }

    void scanStored(ColumnFamily<?> family, Key from, Key to, FrozenState.StoredVisitor visitor) {
      guarded(
          () -> {
            // All of a family, once: what is in use stays in the cache.
            try (ReadOptions bounded =
                new ReadOptions()
                    .setTotalOrderSeek(true)
                    .setFillCache(false)
                    .setReadaheadSize(READ_AHEAD_BYTES)) {
              iterate(
                  family, from, to, bounded, place -> visitor.visit(place.key(), place.value()));
            }
            return null;
          });
    }

    private void iterate(
        ColumnFamily<?> family,
        Key from,
        Key to,
        ReadOptions bounded,
        Predicate<RocksIterator> visitor)
        throws RocksDBException {
      if (handle(family) == null) {
        return;
      }
      try (Slice end = to == null ? null : new Slice(to.bytes())) {
        if (end != null) {
          bounded.setIterateUpperBound(end);
        }
        if (snapshot != null) {
          bounded.setSnapshot(snapshot);
        }
        try (RocksIterator place = db.newIterator(handle(family), bounded)) {
          place.seek(from.bytes());
          while (place.isValid() && visitor.test(place)) {
            place.next();
          }
          place.status();
        }
      }
    }
  }
}
