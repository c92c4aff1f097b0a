/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Reply;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.EndWorker;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ForgetWorker;
import io.curvine.protocol.proto.LeavingSet;
import io.curvine.protocol.proto.SetLeaving;
import io.curvine.protocol.proto.SetWorkerLeaving;
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
    LeaderWork.answer(node, () -> forget(asked.getWorkerId()), responder);
  }

  private CompletableFuture<AdminReply.Builder> forget(int id) {
    if (isLive.test(id)) {
      return CompletableFuture.failedFuture(
          new CurvineException(
              ErrorCode.INVALID_ARGUMENT,
              "worker " + id + " lives; allowed: one that was stopped or is lost"));
    }
    ForgetWorker forget = ForgetWorker.newBuilder().setWorkerId(id).build();
    return decide(Command.newBuilder().setForgetWorker(forget))
        .thenApply(
            done -> AdminReply.newBuilder().setWorkerEnded(WorkerEnded.getDefaultInstance()));
  }

  void setLeaving(SetLeaving asked, RpcResponder responder) {
    SetWorkerLeaving set =
        SetWorkerLeaving.newBuilder()
            .setWorkerId(asked.getWorkerId())
            .setLeaving(asked.getLeaving())
            .build();
    LeaderWork.answer(
        node,
        () ->
            decide(Command.newBuilder().setSetWorkerLeaving(set))
                .thenApply(
                    done -> AdminReply.newBuilder().setLeavingSet(LeavingSet.getDefaultInstance())),
        responder);
  }

  private CompletableFuture<?> decide(Command.Builder command) {
    return propose.apply(command.build()).thenCompose(Reply::accepted);
  }
}
