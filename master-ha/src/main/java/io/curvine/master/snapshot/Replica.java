/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalConfig;
import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.raft.Position;
import io.curvine.master.raft.ReplicatedState;
import io.curvine.protocol.CurvineException;
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
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of this master as Raft drives it: applies entries, takes snapshots, installs those of
 * others. The apply thread does no more for a snapshot than hard links; digests and publication are
 * work of the background.
 */
public final class Replica implements ReplicatedState, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

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
    SnapshotManifest from(HostPort master) throws IOException;
  }

  private final StateDirectory directory;
  private final SnapshotStore snapshots;
  private final SnapshotTrigger trigger;
  private final JournalConfig journalConfig;
  private final Observer observer;
  private final Fetch fetch;
  private final Executor background;
  private final LongSupplier clockNanos;

  private volatile LiveState live;
  private volatile long publishedIndex;
  private volatile boolean taking;
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
      JournalConfig journalConfig,
      Observer observer,
      Fetch fetch,
      Executor background,
      LongSupplier clockNanos) {}

  public Replica(LiveState live, Parts parts) {
    this.live = live;
    this.directory = parts.directory();
    this.snapshots = parts.snapshots();
    this.trigger = parts.trigger();
    this.journalConfig = parts.journalConfig();
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
  public void apply(Position at, ByteBuffer bytes) {
    trigger.applied(bytes.remaining());
    long began = System.nanoTime();
    try {
      JournalEntry entry = JournalEntry.parseFrom(bytes);
      ApplyOutcome outcome = live.applier().apply(at.term(), at.index(), entry);
      observer.applied(entry.getEntryId(), outcome, System.nanoTime() - began);
    } catch (IOException e) {
      throw halt(at, new UncheckedIOException("cannot apply the entry at " + at, e));
    } catch (RuntimeException e) {
      throw halt(at, e);
    }
  }

  private RuntimeException halt(Position at, RuntimeException cause) {
    LOG.error("stops: the entry at {} cannot be applied", at, cause);
    observer.failed(cause);
    return cause;
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
    if (!taking && trigger.due(at.index())) {
      take(at);
    }
    return publishedIndex;
  }

  private void take(Position at) {
    String name = SnapshotStore.name(at.term(), at.index());
    long began = System.nanoTime();
    taking = true;
    try {
      Path unfinished = snapshots.begin(name);
      live.store().checkpoint(unfinished.resolve(SnapshotStore.DATABASE));
      live.journal().linkTo(unfinished.resolve(SnapshotStore.JOURNAL));
      SnapshotManifest draft =
          SnapshotManifest.newBuilder()
              .setName(name)
              .setTerm(at.term())
              .setIndex(at.index())
              .setOffset(live.applier().nextOffset())
              .setClusterId(live.applier().clusterId())
              .setChainHash(live.journal().chainHash())
              .setTimeNanos(clockNanos.getAsLong())
              .build();
      trigger.begun(at.index(), Duration.ZERO);
      LOG.info("took {} in {} ms", name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
      background.execute(() -> publish(unfinished, draft));
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot take {}", name, e);
      trigger.failed();
      taking = false;
    }
  }

  private void publish(Path unfinished, SnapshotManifest draft) {
    try {
      snapshots.publish(unfinished, draft);
      publishedIndex = Math.max(publishedIndex, draft.getIndex());
      LOG.info("published {}", draft.getName());
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot publish {}", draft.getName(), e);
      takeFailed = true;
    } finally {
      taking = false;
    }
  }

  @Override
  public CompletableFuture<Position> fetch(String leaderId, HostPort leaderRpc) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            fetched = fetch.from(leaderRpc);
            return new Position(fetched.getTerm(), fetched.getIndex());
          } catch (IOException e) {
            if (e instanceof CurvineException refusal && refusal.code() == ErrorCode.NOT_FOUND) {
              LOG.info("master {} has no snapshot; its log comes from the beginning", leaderId);
              return Position.NONE;
            }
            LOG.warn("cannot fetch a snapshot from {}: {}", leaderId, e.toString());
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
      LiveState now = LiveState.open(generation, journalConfig);
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
