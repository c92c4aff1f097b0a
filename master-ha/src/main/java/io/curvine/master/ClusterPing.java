/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.members.Member;
import io.curvine.master.members.MemberControl;
import io.curvine.master.members.Pings;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Pong;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Asks all members how they are. Thread-safe. */
final class ClusterPing {
  private static final Pong SILENT = Pong.newBuilder().setRole("unknown").build();

  private final String selfId;
  private final Pings pings;
  private final Supplier<MemberControl> members;
  private final Supplier<Pong> self;

  ClusterPing(String selfId, Pings pings, Supplier<MemberControl> members, Supplier<Pong> self) {
    this.selfId = selfId;
    this.pings = pings;
    this.members = members;
    this.self = self;
  }

  /** By id; never fails, a silent master has an unknown role. */
  CompletableFuture<List<MasterStatus>> all() {
    List<CompletableFuture<MasterStatus>> asked =
        members.get().membership().members().stream().map(this::one).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<MasterStatus> one(Member member) {
    if (member.id().equals(selfId)) {
      return CompletableFuture.completedFuture(
          status(member, self.get()).toBuilder().setSelf(true).build());
    }
    return pings
        .ask(member.peer().rpc())
        .thenApply(
            answer ->
                status(
                    member,
                    answer.filter(pong -> pong.getNodeId().equals(member.id())).orElse(SILENT)));
  }

  private static MasterStatus status(Member member, Pong pong) {
    Peer peer = member.peer();
    MasterStatus.Builder status =
        MasterStatus.newBuilder()
            .setNodeId(peer.id())
            .setRpc(peer.rpc().toString())
            .setHttp(peer.http().toString())
            .setFeed(peer.feed().toString())
            .setRaft(peer.raft().toString())
            .setListener(member.listener())
            .setPriority(member.priority())
            .setRole(pong.getRole())
            .setTerm(pong.getTerm())
            .setAppliedOffset(pong.getAppliedOffset())
            .setPid(pong.getPid())
            .setSnapshotOffset(pong.getSnapshotOffset());
    return pong.hasProgress() ? status.setProgress(pong.getProgress()).build() : status.build();
  }
}
