/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.JournalConfig;
import io.curvine.master.disk.DiskWatch;
import io.curvine.master.disk.Quarantine;
import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftLogFiles;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.rpc.StateService;
import io.curvine.master.rpc.UpkeepService;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.snapshot.LogTail;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotFetcher;
import io.curvine.master.snapshot.SnapshotSource;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.SnapshotTrigger;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.snapshot.StateRecovery;
import io.curvine.master.snapshot.StateSettings;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** What a master keeps on its disk, opened from its data directory: state, journal, snapshots. */
final class StateParts {
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final int FILE_TASKS_MAX = 64;
  private static final int STATE_THREADS = 2;
  private static final int STATE_TASKS_MAX = 16;
  private static final long LOG_TAIL_ENTRIES = 20_000;
  private static final long LOG_TAIL_BYTES = 64L << 20;

  private final MasterConfig config;
  private final Closer closer;
  private final Probation probation;
  private final SnapshotStore snapshots;
  private final SnapshotFetcher fetcher;
  private final SnapshotSource source;
  private final Replica replica;
  private final UpkeepService upkeep;
  private final StateService service;

  /**
   * Opens all of it, repaired from snapshots and the Raft log where it is damaged.
   *
   * @param alone whether no other master has the data
   * @param client asks other masters for snapshots
   */
  StateParts(
      MasterConfig config,
      boolean alone,
      RpcClient client,
      Replica.Observer observer,
      Closer closer)
      throws IOException {
    this.config = config;
    this.closer = closer;
    this.probation = Probation.open(config.dataDir());
    Quarantine quarantine =
        new Quarantine(config.dataDir().resolve("quarantine"), Clock.systemUTC());
    this.snapshots =
        SnapshotStore.open(
            config.dataDir().resolve("snapshots"),
            config.snapshotsKept(),
            quarantine,
            () -> DiskWatch.freeBytes(config.dataDir()));
    this.fetcher = new SnapshotFetcher(client, snapshots);
    this.source =
        new SnapshotSource(
            snapshots,
            config.snapshotTransferRate(),
            closer.addExecutor(Threads.timer("snapshot-source")));
    ExecutorService compactor = closer.addExecutor(Threads.fixed("compaction", 1, 1));
    // Closing it ends a compaction.
    this.replica = closer.add(openReplica(quarantine, alone, observer));
    this.upkeep = new UpkeepService(replica, compactor);
    this.service =
        new StateService(
            replica,
            snapshots,
            closer.addExecutor(Threads.fixed("state-tools", STATE_THREADS, STATE_TASKS_MAX)));
  }

  /** The Raft log of the data directory, whether there is one or not. */
  static RaftLogFiles raftLog(MasterConfig config) {
    return new RaftLogFiles(config.dataDir().resolve("raft"), RaftNode.groupUuid(config));
  }

  private Replica openReplica(Quarantine quarantine, boolean alone, Replica.Observer observer)
      throws IOException {
    StateDirectory states = StateDirectory.open(config.dataDir().resolve("state"), quarantine);
    StateSettings settings = settings();
    RaftLogFiles log = raftLog(config);
    if (!alone && !log.exists()) {
      probation.begin(Probation.Cause.NEW, "its directory has no Raft log");
    }
    LiveState live =
        new StateRecovery(states, snapshots, log, settings, quarantine, probation, alone).open();
    ExecutorService files = closer.addExecutor(Threads.fixed("files", 1, FILE_TASKS_MAX));
    SnapshotTrigger trigger =
        new SnapshotTrigger(
            config.snapshotEntries(),
            config.snapshotBytes(),
            config.snapshotAge(),
            System::nanoTime);
    return new Replica(
        live,
        new Replica.Parts(
            states,
            snapshots,
            trigger,
            new LogTail(Math.min(LOG_TAIL_ENTRIES, config.snapshotEntries() / 10), LOG_TAIL_BYTES),
            settings,
            observer,
            fetcher::fetch,
            files,
            EpochClock::nanos));
  }

  private StateSettings settings() {
    return new StateSettings(
        new JournalConfig(
            config.journalSegment(),
            config.journalRetention() == 0 ? Long.MAX_VALUE : config.journalRetention(),
            config.journalRetentionAge().isZero() ? FOR_EVER : config.journalRetentionAge()),
        new StoreSettings(config.stateCache(), config.blockCache(), config.writeBuffer(), true));
  }

  Probation probation() {
    return probation;
  }

  SnapshotStore snapshots() {
    return snapshots;
  }

  SnapshotFetcher fetcher() {
    return fetcher;
  }

  SnapshotSource source() {
    return source;
  }

  Replica replica() {
    return replica;
  }

  UpkeepService upkeep() {
    return upkeep;
  }

  StateService service() {
    return service;
  }
}
