/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.read.AppliedOffset;
import io.curvine.master.read.FollowerGate;
import io.curvine.master.read.LeaderPoint;
import io.curvine.master.read.ReadLease;
import io.curvine.master.read.TermQuorum;
import io.curvine.master.rpc.ServiceParts;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Makes what makes reads as current as they ask for. */
final class ReadParts {
  private ReadParts() {}

  /**
   * For one master.
   *
   * @param asker for reads alone: they are not to wait behind a snapshot's chunks
   * @param raftCaller calls Raft where that may block
   */
  static ServiceParts.Reads make(
      MasterConfig config,
      MasterParts parts,
      MasterView view,
      RpcClient asker,
      Executor raftCaller) {
    TermQuorum quorum =
        new TermQuorum(
            config.id(),
            view::group,
            () -> parts.raft().voters(),
            id -> parts.raft().rpc(id),
            asker);
    ReadLease lease =
        new ReadLease(
            parts::leadingTerm,
            quorum::confirm,
            config.readLease() ? ReadLease.LENGTH : Duration.ZERO,
            System::nanoTime);
    AppliedOffset applied = new AppliedOffset();
    FollowerGate gate =
        new FollowerGate(
            new LeaderPoint(view::leaderRpc, asker),
            applied,
            () -> parts.raft().hurry(raftCaller),
            System::nanoTime);
    return new ServiceParts.Reads(lease, gate, applied);
  }
}
