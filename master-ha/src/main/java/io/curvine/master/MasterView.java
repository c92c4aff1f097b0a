/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.members.MemberProtos;
import io.curvine.master.members.Pings;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.raft.LeaderWatch;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.rpc.NodeView;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.state.Counter;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterProgress;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.TermConfirmed;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A master as its RPC port sees it. */
final class MasterView implements NodeView {
  private static final long NONE = -1;

  private final MasterConfig config;
  private final MasterParts parts;
  private final ClusterPing ping;

  MasterView(MasterConfig config, MasterParts parts, Pings pings) {
    this.config = config;
    this.parts = parts;
    this.ping = new ClusterPing(config.id(), pings, () -> parts.raft().members(), this::progress);
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public String group() {
    return parts.raft().group();
  }

  @Override
  public TermConfirmed term() {
    // The term first: what the log has is only a hint.
    TermConfirmed.Builder confirmed =
        TermConfirmed.newBuilder().setNodeId(config.id()).setTerm(parts.raft().term());
    LeaderWatch.Standing standing = parts.raft().standing();
    return confirmed
        .setLogTerm(standing.log().term())
        .setLogIndex(Math.max(0, standing.log().index()))
        .setStartedMs(standing.startedMillis())
        .build();
  }

  @Override
  public boolean leading() {
    return parts.decideLoop().leading() && parts.raft().leadingTerm() != 0;
  }

  @Override
  public String leaderRpc() {
    return parts.raft().leaderId().flatMap(parts.raft()::rpc).map(HostPort::toString).orElse("");
  }

  @Override
  public QueryEngine queries() {
    return parts.queries();
  }

  @Override
  public Pong pong() {
    return Pong.newBuilder()
        .setNodeId(config.id())
        .setRole(parts.raft().role())
        .setLeaderRpc(leaderRpc())
        .setClusterId(parts.replica().live().applier().clusterId())
        .setAppliedOffset(parts.replica().live().applier().nextOffset())
        .setPid(ProcessHandle.current().pid())
        .setSnapshotOffset(
            parts.state().snapshots().newest().map(SnapshotManifest::getOffset).orElse(0L))
        .setTerm(parts.raft().term())
        .setHttp(config.self().http().toString())
        .setFeed(config.self().feed().toString())
        .setClusterName(config.clusterName())
        .setGroup(MemberProtos.group(parts.raft().members().membership()))
        .build();
  }

  @Override
  public Pong progress() {
    Pong pong = pong();
    try {
      return pong.toBuilder().setProgress(masterProgress()).build();
    } catch (StoreException e) {
      return pong; // Another state is adopted now, or this master stops.
    }
  }

  private MasterProgress masterProgress() {
    LiveState live = parts.replica().live();
    RaftNode.LogRange log = parts.raft().log();
    MasterProgress.Builder progress =
        MasterProgress.newBuilder()
            .setAppliedTimeNanos(live.store().readNow(v -> v.meta().get(Counter.LAST_TIME_NANOS)))
            .setAppliedIndex(live.applier().appliedIndex())
            .setCommittedIndex(parts.raft().committedIndex())
            .setLogFirstIndex(log.first())
            .setLogLastIndex(log.last())
            .setJournalFirstOffset(live.journal().startOffset())
            .setSnapshotIndex(NONE);
    parts
        .state()
        .snapshots()
        .newest()
        .ifPresent(
            newest ->
                progress
                    .setSnapshotIndex(newest.getIndex())
                    .setSnapshotTimeNanos(newest.getTimeNanos()));
    return progress.build();
  }

  @Override
  public CompletableFuture<List<MasterStatus>> masters() {
    return ping.all();
  }
}
