/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import com.google.protobuf.CodedInputStream;
import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.raft.Position;
import io.curvine.master.raft.ReplicatedState;
import io.curvine.master.store.CheckpointPosition;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JournalEntry;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of this master as Raft drives it: applies entries, takes snapshots, installs those of
 * others. The apply thread does nothing for a snapshot but say that one is due: all of it is work
 * of the background.
 */
public final class Replica implements ReplicatedState, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  /** Who wants the state at an offset asks for one that is near. */
  private static final Duration FREEZE_WAIT_MAX = Duration.ofMinutes(1);

  /** Who wants to know what happens here. Called on the apply thread unless it says otherwise. */
  public interface Observer {
    /** An entry was applied or found void, which took so long. */
    void applied(long entryId, ApplyOutcome outcome, long nanos);

    /** The state is about to be replaced by a snapshot. */
    void replacing();

    /** Another state took the place of the former one. */
    void replaced(LiveState now);

    /** The role or the leader may have changed; any thread. */
    void roleChanged();

    /** This master cannot go on; any thread. */
    void failed(Throwable cause);
  }

  /** Copies the newest snapshot of another master into the own store; blocks. */
  @FunctionalInterface
  public interface Fetch {
    /**
     * @param firstIndex the oldest Raft entry that the other master still has
     * @return empty where it has none
     */
    Optional<SnapshotManifest> from(HostPort master, long firstIndex) throws IOException;
  }

  private final StateDirectory directory;
  private final SnapshotStore snapshots;
  private final SnapshotTrigger trigger;
  private final LogTail tail;
  private final StateSettings settings;
  private final Observer observer;
  private final Fetch fetch;
  private final Executor background;
  private final LongSupplier clockNanos;

  private final FreezePoints freezePoints = new FreezePoints(FREEZE_WAIT_MAX);
  private volatile LiveState live;
  private volatile long publishedIndex;
  private final AtomicReference<CompletableFuture<SnapshotManifest>> taking =
      new AtomicReference<>();
  private volatile boolean takeFailed;
  private volatile SnapshotManifest fetched;

  /**
   * What a replica works with.
   *
   * @param background one thread, for slow work on files
   * @param clockNanos since the epoch
   */
  public record Parts(
      StateDirectory directory,
      SnapshotStore snapshots,
      SnapshotTrigger trigger,
      LogTail tail,
      StateSettings settings,
      Observer observer,
      Fetch fetch,
      Executor background,
      LongSupplier clockNanos) {}

  public Replica(LiveState live, Parts parts) {
    this.live = live;
    this.directory = parts.directory();
    this.snapshots = parts.snapshots();
    this.trigger = parts.trigger();
    this.tail = parts.tail();
    this.settings = parts.settings();
    this.observer = parts.observer();
    this.fetch = parts.fetch();
    this.background = parts.background();
    this.clockNanos = parts.clockNanos();
    Optional<SnapshotManifest> newest = snapshots.newest();
    this.publishedIndex = newest.map(SnapshotManifest::getIndex).orElse(-1L);
    trigger.begun(
        publishedIndex,
        newest
            .map(n -> Duration.ofNanos(Math.max(0, clockNanos.getAsLong() - n.getTimeNanos())))
            .orElse(Duration.ZERO));
  }

  /** The state now; another after a snapshot of another master was installed. */
  public LiveState live() {
    return live;
  }

  @Override
  public Position applied() {
    return live.applied();
  }

  @Override
  public void apply(Position at, ByteBuffer bytes, Object known) {
    trigger.applied(bytes.remaining());
    tail.applied(at.index(), bytes.remaining());
    long began = System.nanoTime();
    try {
      SealedEntry entry =
          known instanceof SealedEntry sealed ? sealed : SealedEntry.fromLog(parse(bytes));
      long before = live.applier().nextOffset();
      ApplyOutcome outcome = live.applier().apply(at.term(), at.index(), entry);
      freezePoints.applied(before, live.applier().nextOffset(), live.store());
      observer.applied(entry.id(), outcome, System.nanoTime() - began);
    } catch (IOException e) {
      throw halt(at, new UncheckedIOException("cannot apply the entry at " + at, e));
    } catch (RuntimeException e) {
      throw halt(at, e);
    }
  }

  /** The events' bytes are parts of one copy, not copies of their own. */
  private static JournalEntry parse(ByteBuffer bytes) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.enableAliasing(true);
    return JournalEntry.parseFrom(in);
  }

  private RuntimeException halt(Position at, RuntimeException cause) {
    LOG.error("stops: the entry at {} cannot be applied", at, cause);
    if (cause instanceof StoreException broken && broken.corrupt()) {
      suspect(broken);
    }
    observer.failed(cause);
    return cause;
  }

  /** The next start begins from a snapshot: with these files it would end here again. */
  private void suspect(StoreException broken) {
    try {
      directory.suspect(broken.getMessage());
    } catch (IOException e) {
      LOG.error("cannot note that the state is broken", e);
    }
  }

  @Override
  public void advance(Position at) {
    try {
      live.applier().advance(at.term(), at.index());
    } catch (RuntimeException e) {
      throw halt(at, e);
    }
  }

  @Override
  public long snapshotIfDue() {
    Position at = live.applied();
    if (takeFailed) {
      takeFailed = false;
      trigger.failed();
    }
    if (taking.get() == null && trigger.due(at.index())) {
      trigger.begun(at.index(), Duration.ZERO);
      takeSnapshot();
    }
    return tail.purgeable(snapshots.purgeable(publishedIndex));
  }

  /** Takes a snapshot now; where one is being taken, waits for that. Any thread. */
  public CompletableFuture<SnapshotManifest> takeSnapshot() {
    CompletableFuture<SnapshotManifest> mine = new CompletableFuture<>();
    CompletableFuture<SnapshotManifest> other = taking.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    LiveState state = live;
    try {
      background.execute(() -> take(state, mine));
    } catch (RejectedExecutionException e) {
      LOG.warn("no snapshot is taken now: too much work on files is waiting", e);
      takeFailed = true;
      taking.set(null);
      mine.completeExceptionally(
          new CurvineException(ErrorCode.BUSY, "too much work on files is waiting; try later"));
    }
    return mine;
  }

  /**
   * Takes a snapshot while entries go on being applied (ADR 012). The order matters: an entry's
   * events are in the journal before its effect is in the state, so a journal that is linked after
   * the state was copied has all events that the copy has, and perhaps more, which are cut off
   * where it is opened.
   */
  private void take(LiveState state, CompletableFuture<SnapshotManifest> taken) {
    try {
      Optional<SnapshotManifest> newest = snapshots.newest();
      boolean changed = newest.isEmpty() || newest.get().getIndex() != state.applied().index();
      SnapshotManifest manifest = changed ? take(state) : newest.get();
      taking.set(null);
      taken.complete(manifest);
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot take a snapshot; tries again later", e);
      takeFailed = true;
      taking.set(null);
      taken.completeExceptionally(e);
    }
  }

  private SnapshotManifest take(LiveState state) throws IOException {
    long began = System.nanoTime();
    snapshots.requireSpace(0, "a snapshot");
    Path unfinished = snapshots.begin("being-taken");
    Path database = unfinished.resolve(SnapshotStore.DATABASE);
    state.store().checkpoint(database);
    state.journal().linkTo(unfinished.resolve(SnapshotStore.JOURNAL));
    CheckpointPosition at = CheckpointPosition.read(database);
    SnapshotManifest draft =
        SnapshotManifest.newBuilder()
            .setName(SnapshotStore.name(at.term(), at.index()))
            .setTerm(at.term())
            .setIndex(at.index())
            .setOffset(at.nextOffset())
            .setClusterId(at.clusterId())
            .setChainHash(state.journal().chainHashAt(at.nextOffset()))
            .setTimeNanos(clockNanos.getAsLong())
            .setKeys(state.store().estimatedKeys())
            .build();
    long copied = System.nanoTime();
    SnapshotManifest manifest = snapshots.publish(unfinished, draft);
    publishedIndex = Math.max(publishedIndex, draft.getIndex());
    LOG.info(
        "took {} in {} ms, with its digests in {} ms",
        draft.getName(),
        TimeUnit.NANOSECONDS.toMillis(copied - began),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return manifest;
  }

  /**
   * The state at the end of the first entry that ends at or past an offset, the same on every
   * master. Fails with OFFSET_OUT_OF_RANGE where that is over, with NOT_READY where it does not
   * come in time. Whoever gets it closes it. Completes on the apply thread; on the caller's where
   * the state stands there already, and on one of a timer where it is given up.
   */
  public CompletableFuture<FrozenState> freezeAt(long offset) {
    return freezePoints.at(offset, live);
  }

  /**
   * What a compaction gave.
   *
   * @param bytesBefore of the state on its disk, without journal and snapshots
   */
  public record Compacted(long bytesBefore, long bytesAfter) {}

  /** Rewrites the state's files without what was deleted or replaced; slow, any thread. */
  public Compacted compact() throws IOException {
    StateStore store = live.store();
    long before = FileTrees.bytes(store.directory(), file -> true);
    long began = System.nanoTime();
    store.compact();
    Compacted compacted = new Compacted(before, FileTrees.bytes(store.directory(), file -> true));
    LOG.info(
        "compacted the state from {} to {} bytes in {} ms",
        before,
        compacted.bytesAfter(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return compacted;
  }

  @Override
  public CompletableFuture<Position> fetch(HostPort leaderRpc, long firstIndex) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Optional<SnapshotManifest> found = fetch.from(leaderRpc, firstIndex);
            if (found.isEmpty()) {
              LOG.info("{} has no snapshot; its log comes from the beginning", leaderRpc);
              return Position.NONE;
            }
            fetched = found.get();
            return new Position(fetched.getTerm(), fetched.getIndex());
          } catch (IOException e) {
            LOG.warn("cannot fetch a snapshot from {}: {}", leaderRpc, e.toString());
            throw new UncheckedIOException(e);
          }
        },
        background);
  }

  @Override
  public Position install() throws IOException {
    SnapshotManifest manifest = fetched;
    if (manifest == null) {
      throw new IOException("no snapshot was fetched");
    }
    observer.replacing();
    LiveState before = live;
    try {
      Path generation = directory.prepare();
      StateDirectory.fill(generation, snapshots.path(manifest));
      LiveState now = LiveState.open(generation, settings);
      directory.use(generation);
      live = now;
      publishedIndex = manifest.getIndex();
      trigger.begun(manifest.getIndex(), Duration.ZERO);
      observer.replaced(now);
      before.close();
      directory.removeOthers();
    } catch (IOException | RuntimeException e) {
      observer.failed(e);
      throw e;
    }
    LOG.info("installed {}", manifest.getName());
    return live.applied();
  }

  @Override
  public void roleChanged() {
    observer.roleChanged();
  }

  @Override
  public void failed(Throwable cause) {
    observer.failed(cause);
  }

  @Override
  public void close() throws IOException {
    live.close();
  }
}
