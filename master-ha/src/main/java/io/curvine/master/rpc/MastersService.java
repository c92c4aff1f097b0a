/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.master.members.MemberAdmin;
import io.curvine.master.members.MemberControl;
import io.curvine.master.members.MemberProtos;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;

/** Who the masters are, and changing that. Thread-safe. */
public final class MastersService {
  private final NodeView node;
  private final MemberControl control;
  private final MemberAdmin members;

  public MastersService(NodeView node, MemberControl control, MemberAdmin members) {
    this.node = node;
    this.control = control;
    this.members = members;
  }

  void list(RpcResponder responder) {
    node.masters()
        .thenAccept(
            masters ->
                responder.respond(
                    reply(
                        AdminReply.newBuilder()
                            .setMasterList(
                                MasterList.newBuilder()
                                    .addAllMasters(masters)
                                    .setGroup(MemberProtos.group(control.membership()))))));
  }

  void change(ChangeMasters change, RpcResponder responder) {
    if (!node.leading()) {
      responder.respond(Responses.notLeader(node));
      return;
    }
    members
        .change(change)
        .whenComplete(
            (changed, failure) -> {
              if (failure == null) {
                responder.respond(reply(AdminReply.newBuilder().setMastersChanged(changed)));
              } else if (Failures.code(failure) == ErrorCode.NOT_LEADER) {
                responder.respond(Responses.notLeader(node));
              } else {
                responder.respond(Responses.failure(failure));
              }
            });
  }

  private static MasterResponse reply(AdminReply.Builder reply) {
    return MasterResponse.newBuilder().setAdmin(reply).build();
  }
}
