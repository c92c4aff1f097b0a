/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalConfig;
import io.curvine.master.raft.RaftLogFiles;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the state when a master starts. One that is damaged is put aside and the newest good
 * snapshot takes its place, or an empty state; the Raft log, or another master's snapshot, gives
 * the rest.
 */
public final class StateRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(StateRecovery.class);

  private final StateDirectory directory;
  private final SnapshotStore snapshots;
  private final RaftLogFiles raftLog;
  private final JournalConfig journalConfig;
  private final boolean alone;

  /**
   * @param alone no other master has the data
   */
  public StateRecovery(
      StateDirectory directory,
      SnapshotStore snapshots,
      RaftLogFiles raftLog,
      JournalConfig journalConfig,
      boolean alone) {
    this.directory = directory;
    this.snapshots = snapshots;
    this.raftLog = raftLog;
    this.journalConfig = journalConfig;
    this.alone = alone;
  }

  /**
   * The state, as far as this master has it.
   *
   * @param quarantine where a Raft log that does not fit the state is put
   * @throws IOException where nothing can be opened, or the only copy would be lost
   */
  public LiveState open(Path quarantine) throws IOException {
    LiveState live = openOrRestore();
    OptionalLong first = raftLog.firstIndex();
    if (first.isPresent() && first.getAsLong() > live.applied().index() + 1) {
      String gap =
          "the Raft log begins at "
              + first.getAsLong()
              + ", the state ends at "
              + live.applied().index();
      if (alone) {
        live.close();
        throw new IOException(gap + ", and there is no other master to fetch the rest from");
      }
      LOG.error("{}: the log is put aside, another master has what is missing", gap);
      raftLog.moveTo(quarantine.resolve("raft-log-" + System.currentTimeMillis()));
    }
    return live;
  }

  private LiveState openOrRestore() throws IOException {
    Path generation = directory.current();
    try {
      return LiveState.open(generation, journalConfig);
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot open the state in {}", generation, e);
      Path restored = directory.prepare();
      Optional<SnapshotManifest> good = newestGood();
      if (good.isPresent()) {
        LOG.info("begins from {}", good.get().getName());
        StateDirectory.fill(restored, snapshots.path(good.get()));
      }
      directory.use(restored);
      directory.quarantine(generation, e.toString());
      return LiveState.open(restored, journalConfig);
    }
  }

  private Optional<SnapshotManifest> newestGood() throws IOException {
    List<SnapshotManifest> newestFirst = new ArrayList<>(snapshots.manifests());
    Collections.reverse(newestFirst);
    for (SnapshotManifest manifest : newestFirst) {
      Optional<String> wrong = snapshots.check(manifest);
      if (wrong.isEmpty()) {
        return Optional.of(manifest);
      }
      LOG.error("{} is not used: {}", manifest.getName(), wrong.get());
    }
    return Optional.empty();
  }
}
