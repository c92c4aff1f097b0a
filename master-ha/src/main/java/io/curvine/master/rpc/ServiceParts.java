/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.journal.JournalLog;
import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.jobs.JobWaiters;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.Sessions;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.WorkerRegistry;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the RPC port is wired to.
 *
 * @param executor bounded; for requests that every master answers
 * @param queryPool for those that only the leader does
 */
public record ServiceParts(
    NodeView node,
    DecideLoop decideLoop,
    UfsLoader loader,
    Sessions sessions,
    JobDispatcher jobs,
    JobWaiters jobWaiters,
    WorkerRegistry registry,
    SnapshotStore snapshots,
    Supplier<JournalLog> journal,
    QueryPool queryPool,
    AdminService admin,
    Executor executor,
    Duration sessionTimeout,
    Duration workerLease,
    Duration scanInterval) {
  /** The port's handler. */
  public MasterService service() {
    return new MasterService(this);
  }
}
