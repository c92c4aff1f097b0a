/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetReadPoint;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Asks the leader how far its state is. Thread-safe; answers come on the RPC client's thread. */
public final class LeaderPoint implements Supplier<CompletableFuture<Long>> {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
  private static final MasterRequest REQUEST =
      MasterRequest.newBuilder().setGetReadPoint(GetReadPoint.getDefaultInstance()).build();

  private final Supplier<String> leaderRpc;
  private final RpcClient client;

  /**
   * Nothing is asked yet.
   *
   * @param leaderRpc host:port; empty where no leader is known
   */
  public LeaderPoint(Supplier<String> leaderRpc, RpcClient client) {
    this.leaderRpc = leaderRpc;
    this.client = client;
  }

  /** The offset; fails with NOT_READY, which names what was wrong with the leader. */
  @Override
  public CompletableFuture<Long> get() {
    String leader = leaderRpc.get();
    return leader.isEmpty()
        ? CompletableFuture.failedFuture(notReady("no leader is known", null))
        : client
            .call(HostPort.parse(leader), REQUEST, ANSWER_MAX)
            .handle((answer, failure) -> offset(leader, answer, failure));
  }

  private static long offset(String leader, MasterResponse answer, Throwable failure) {
    if (failure != null) {
      throw new CompletionException(notReady(failure.getMessage(), failure));
    }
    if (answer.getCode() != ErrorCode.OK) {
      throw new CompletionException(notReady(leader + ": " + answer.getMessage(), null));
    }
    return answer.getReadPoint().getOffset();
  }

  private static CurvineException notReady(String why, Throwable cause) {
    return new CurvineException(
        ErrorCode.NOT_READY, "the leader cannot be asked for a read point: " + why, cause);
  }
}
