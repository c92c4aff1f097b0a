/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.master.disk.Quarantine;
import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftLogFiles;
import io.curvine.master.raft.RaftLogRepair;
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
  private final StateSettings settings;
  private final Quarantine quarantine;
  private final Probation probation;
  private final boolean alone;

  /**
   * @param alone no other master has the data
   */
  public StateRecovery(
      StateDirectory directory,
      SnapshotStore snapshots,
      RaftLogFiles raftLog,
      StateSettings settings,
      Quarantine quarantine,
      Probation probation,
      boolean alone) {
    this.directory = directory;
    this.snapshots = snapshots;
    this.raftLog = raftLog;
    this.settings = settings;
    this.quarantine = quarantine;
    this.probation = probation;
    this.alone = alone;
  }

  /**
   * The state, as far as this master has it, with a Raft log behind it that can be read.
   *
   * @throws IOException where nothing can be opened, or the only copy would be lost
   */
  public LiveState open() throws IOException {
    LiveState live = openOrRestore();
    try {
      new RaftLogRepair(raftLog, quarantine, probation, alone).run(live.applied());
      putAsideWhatDoesNotFollow(live.applied().index());
      return live;
    } catch (IOException | RuntimeException e) {
      live.close();
      throw e;
    }
  }

  private void putAsideWhatDoesNotFollow(long applied) throws IOException {
    OptionalLong first = raftLog.firstIndex();
    if (first.isEmpty() || first.getAsLong() <= applied + 1) {
      return;
    }
    String gap = "the Raft log begins at " + first.getAsLong() + ", the state ends at " + applied;
    if (alone) {
      throw new IOException(gap + ", and there is no other master to fetch the rest from");
    }
    probation.begin(Probation.Cause.LOST, gap);
    raftLog.moveTo(quarantine.place("raft-log", gap));
  }

  private LiveState openOrRestore() throws IOException {
    Optional<Path> generation = directory.current();
    if (generation.isEmpty()) {
      return restore();
    }
    String broken;
    Optional<String> suspicion = directory.suspicion(generation.get());
    if (suspicion.isPresent()) {
      broken = "found broken while it was used: " + suspicion.get();
    } else {
      try {
        return LiveState.reopen(generation.get(), settings);
      } catch (IOException | RuntimeException e) {
        LOG.error("cannot open the state in {}", generation.get(), e);
        broken = e.toString();
      }
    }
    directory.quarantine(generation.get(), broken);
    return restore();
  }

  /** From the newest good snapshot, or empty; in use from now on. */
  private LiveState restore() throws IOException {
    for (SnapshotManifest manifest : newestFirst()) {
      Optional<String> wrong = snapshots.check(manifest);
      if (wrong.isEmpty()) {
        LOG.info("begins from {}", manifest.getName());
        Path restored = directory.prepare();
        StateDirectory.fill(restored, snapshots.path(manifest));
        return use(restored);
      }
      snapshots.quarantine(manifest, quarantine, wrong.get());
    }
    return use(directory.prepare());
  }

  private LiveState use(Path generation) throws IOException {
    LiveState live = LiveState.open(generation, settings);
    try {
      directory.use(generation);
      return live;
    } catch (IOException | RuntimeException e) {
      live.close();
      throw e;
    }
  }

  private List<SnapshotManifest> newestFirst() throws IOException {
    List<SnapshotManifest> newestFirst = new ArrayList<>(snapshots.manifests());
    Collections.reverse(newestFirst);
    return newestFirst;
  }
}
