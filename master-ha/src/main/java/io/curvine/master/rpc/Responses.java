/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.Found;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;

/** Answers that are not a result. */
final class Responses {
  static final int RETRY_MS = 50;

  private Responses() {}

  static MasterResponse of(ErrorCode code, String message) {
    return MasterResponse.newBuilder().setCode(code).setMessage(message).build();
  }

  static MasterResponse notLeader(NodeView node) {
    return MasterResponse.newBuilder()
        .setCode(ErrorCode.NOT_LEADER)
        .setMessage("this master does not lead")
        .setLeaderRpc(node.leaderRpc())
        .build();
  }

  static MasterResponse busy(String what) {
    return MasterResponse.newBuilder()
        .setCode(ErrorCode.BUSY)
        .setMessage("too many " + what + " are waiting already")
        .setRetryAfterMs(RETRY_MS)
        .build();
  }

  /** A result, or a refusal with the offset that it was found at. */
  static MasterResponse found(Found found) {
    MasterResponse.Builder response = MasterResponse.newBuilder().setQuery(found.result());
    if (found.refused() != null) {
      response.setCode(found.refused().code()).setMessage(found.refused().getMessage());
    }
    return response.build();
  }

  static MasterResponse refused(Refused refused) {
    return of(refused.code(), refused.getMessage());
  }

  static MasterResponse reply(Reply reply, String leaderRpc) {
    MasterResponse.Builder response =
        MasterResponse.newBuilder()
            .setCode(reply.code())
            .setMessage(reply.message())
            .setRetryAfterMs(reply.retryAfterMs());
    if (reply.code() == ErrorCode.OK) {
      response.setCommand(reply.result());
    } else if (reply.code() == ErrorCode.NOT_LEADER) {
      response.setLeaderRpc(leaderRpc);
    }
    return response.build();
  }

  static MasterResponse failure(Throwable failure) {
    CurvineException known = Failures.asCurvine(failure);
    return of(known.code(), known.getMessage());
  }
}
