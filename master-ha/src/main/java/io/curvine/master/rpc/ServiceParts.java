/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.journal.JournalLog;
import io.curvine.master.disk.DiskWatch;
import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.jobs.JobWaiters;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.Sessions;
import io.curvine.master.read.AppliedOffset;
import io.curvine.master.read.FollowerGate;
import io.curvine.master.read.ReadLease;
import io.curvine.master.replicas.Replicator;
import io.curvine.master.secrets.MountSealer;
import io.curvine.master.snapshot.SnapshotSource;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.WorkerRegistry;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the RPC port is wired to.
 *
 * @param executor bounded; for requests that every master answers
 * @param queryPool for queries that are not brief
 * @param queriesWaitingMax for what they need, beside those that wait for a thread
 */
public record ServiceParts(
    NodeView node,
    DecideLoop decideLoop,
    UfsLoader loader,
    MountSealer sealer,
    Sessions sessions,
    JobDispatcher jobs,
    JobWaiters jobWaiters,
    WorkerRegistry registry,
    Replicator replicator,
    SnapshotSource snapshots,
    DiskWatch disk,
    Supplier<JournalLog> journal,
    Reads reads,
    QueryPool queryPool,
    int queriesWaitingMax,
    AdminService admin,
    LookBackService lookBack,
    Executor executor,
    Duration sessionTimeout,
    Duration workerLease,
    Duration scanInterval) {
  /**
   * What makes reads as current as they ask for.
   *
   * @param lease for the leader's
   * @param gate for those of the others
   */
  public record Reads(ReadLease lease, FollowerGate gate, AppliedOffset applied) {}

  /** The port's handler. */
  public MasterService service() {
    return new MasterService(this);
  }
}
