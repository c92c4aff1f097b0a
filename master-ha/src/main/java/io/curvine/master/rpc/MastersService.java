/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.members.MemberAdmin;
import io.curvine.master.members.MemberControl;
import io.curvine.master.members.MemberProtos;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.ChangeMasters;
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
                    MasterResponse.newBuilder()
                        .setAdmin(
                            AdminReply.newBuilder()
                                .setMasterList(
                                    MasterList.newBuilder()
                                        .addAllMasters(masters)
                                        .setGroup(MemberProtos.group(control.membership()))))
                        .build()));
  }

  void change(ChangeMasters change, RpcResponder responder) {
    LeaderWork.answer(
        node,
        () ->
            members
                .change(change)
                .thenApply(changed -> AdminReply.newBuilder().setMastersChanged(changed)),
        responder);
  }
}
