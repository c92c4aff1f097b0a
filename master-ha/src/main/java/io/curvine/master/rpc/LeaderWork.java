/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What operators ask and only the leader does. */
final class LeaderWork {
  private LeaderWork() {}

  /** Begins it and answers with what came of it; says who leads where this master does not. */
  static void answer(
      NodeView node, Supplier<CompletableFuture<AdminReply.Builder>> work, RpcResponder responder) {
    if (!node.leading()) {
      responder.respond(Responses.notLeader(node));
      return;
    }
    work.get()
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                responder.respond(MasterResponse.newBuilder().setAdmin(reply).build());
              } else if (Failures.code(failure) == ErrorCode.NOT_LEADER) {
                responder.respond(Responses.notLeader(node)); // It led until then.
              } else {
                responder.respond(Responses.failure(failure));
              }
            });
  }
}
