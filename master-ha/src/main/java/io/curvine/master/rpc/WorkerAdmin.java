/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.master.leader.Reply;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.EndWorker;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ForgetWorker;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.WorkerEnded;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** What operators do about workers. Thread-safe. */
public final class WorkerAdmin {
  private final NodeView node;
  private final IntPredicate isLive;
  private final Function<Command, CompletableFuture<Reply>> propose;

  /**
   * @param isLive whether a worker's heartbeat is recent
   * @param propose gives a command to the leader's decide loop
   */
  public WorkerAdmin(
      NodeView node, IntPredicate isLive, Function<Command, CompletableFuture<Reply>> propose) {
    this.node = node;
    this.isLive = isLive;
    this.propose = propose;
  }

  void end(EndWorker asked, RpcResponder responder) {
    if (!node.leading()) {
      responder.respond(Responses.notLeader(node));
      return;
    }
    int id = asked.getWorkerId();
    if (isLive.test(id)) {
      responder.respond(
          Responses.of(
              ErrorCode.INVALID_ARGUMENT,
              "worker " + id + " lives; allowed: one that was stopped or is lost"));
      return;
    }
    propose
        .apply(
            Command.newBuilder().setForgetWorker(ForgetWorker.newBuilder().setWorkerId(id)).build())
        .thenCompose(Reply::accepted)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                responder.respond(
                    MasterResponse.newBuilder()
                        .setAdmin(
                            AdminReply.newBuilder()
                                .setWorkerEnded(WorkerEnded.getDefaultInstance()))
                        .build());
              } else if (Failures.code(failure) == ErrorCode.NOT_LEADER) {
                responder.respond(Responses.notLeader(node));
              } else {
                responder.respond(Responses.failure(failure));
              }
            });
  }
}
