/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Asks all masters how they are. Thread-safe. */
final class ClusterPing {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  private final MasterConfig config;
  private final RpcClient client;
  private final Supplier<Pong> self;

  ClusterPing(MasterConfig config, RpcClient client, Supplier<Pong> self) {
    this.config = config;
    this.client = client;
    this.self = self;
  }

  /** In the order of the configuration; never fails, a silent master has an unknown role. */
  CompletableFuture<List<MasterStatus>> all() {
    List<CompletableFuture<MasterStatus>> asked = config.members().stream().map(this::one).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<MasterStatus> one(Peer peer) {
    if (peer.id().equals(config.id())) {
      return CompletableFuture.completedFuture(
          status(peer, self.get()).toBuilder().setSelf(true).build());
    }
    MasterRequest ping = MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build();
    return client
        .call(peer.rpc(), ping, ANSWER_MAX)
        .handle(
            (answer, failure) ->
                failure == null && answer.getCode() == ErrorCode.OK && matches(peer, answer)
                    ? status(peer, answer.getPong())
                    : status(peer, Pong.newBuilder().setRole("unknown").build()));
  }

  private static boolean matches(Peer peer, MasterResponse answer) {
    return answer.getPong().getNodeId().equals(peer.id());
  }

  private static MasterStatus status(Peer peer, Pong pong) {
    return MasterStatus.newBuilder()
        .setNodeId(peer.id())
        .setRpc(peer.rpc().toString())
        .setHttp(peer.http().toString())
        .setFeed(peer.feed().toString())
        .setRole(pong.getRole())
        .setTerm(pong.getTerm())
        .setAppliedOffset(pong.getAppliedOffset())
        .setPid(pong.getPid())
        .setSnapshotOffset(pong.getSnapshotOffset())
        .build();
  }
}
