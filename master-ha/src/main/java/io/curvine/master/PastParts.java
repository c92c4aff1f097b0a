/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.disk.DiskWatch;
import io.curvine.master.past.Past;
import io.curvine.master.past.PastSources;
import io.curvine.master.past.PastStates;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.rpc.LookBackService;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.store.StateStore;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/**
 * What a master looks back with. None of it is on a thread that serves.
 *
 * @param states the past states that are open
 */
record PastParts(PastStates states, LookBackService service) {
  private static final String DIRECTORY = "history";
  private static final int THREADS = 2;
  private static final int TASKS_MAX = 64;

  /**
   * Makes it.
   *
   * @param engines makes what answers queries on a state
   */
  static PastParts make(
      MasterConfig config,
      Replica replica,
      SnapshotStore snapshots,
      Function<StateStore, QueryEngine> engines,
      Closer closer)
      throws IOException {
    ExecutorService opener = closer.addExecutor(Threads.fixed("past-opener", 1, 1));
    ExecutorService threads = closer.addExecutor(Threads.fixed("past", THREADS, TASKS_MAX));
    ExecutorService comparing =
        closer.addExecutor(
            Threads.fixed(
                "past-comparison",
                LookBackService.COMPARISONS_MAX,
                LookBackService.COMPARISONS_MAX));
    PastSources sources = new PastSources(() -> replica.live().journal(), snapshots);
    PastStates states =
        closer.add(
            new PastStates(
                new PastStates.Settings(
                    config.dataDir().resolve(DIRECTORY),
                    config.pastStates(),
                    config.pastIdle(),
                    config.diskHighWatermark()),
                sources,
                () -> DiskWatch.freeBytes(config.dataDir()),
                engines,
                opener,
                System::nanoTime));
    Past past = new Past(states, sources, () -> replica.live().store());
    return new PastParts(states, new LookBackService(past, threads, comparing));
  }

  void closeIdle() {
    states.closeIdle();
  }
}
