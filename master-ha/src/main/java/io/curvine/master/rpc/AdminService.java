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
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;

/** Answers what operators ask. Thread-safe. */
public final class AdminService {
  private final NodeView node;
  private final MemberControl control;
  private final MemberAdmin members;
  private final UpkeepService upkeep;
  private final StateService state;
  private final JournalReads journal;
  private final FeedAdmin feed;
  private final CheckService checks;

  public AdminService(
      NodeView node,
      MemberControl control,
      MemberAdmin members,
      UpkeepService upkeep,
      StateService state,
      JournalReads journal,
      FeedAdmin feed,
      CheckService checks) {
    this.node = node;
    this.control = control;
    this.members = members;
    this.upkeep = upkeep;
    this.state = state;
    this.journal = journal;
    this.feed = feed;
    this.checks = checks;
  }

  void handle(AdminRequest request, RpcResponder responder) {
    switch (request.getRequestCase()) {
      case LIST_MASTERS -> list(responder);
      case CHANGE_MASTERS -> change(request.getChangeMasters(), responder);
      case TAKE_SNAPSHOT -> upkeep.take(request.getTakeSnapshot(), responder);
      case COMPACT_STATE -> upkeep.compact(request.getCompactState(), responder);
      case LIST_SNAPSHOTS -> state.list(responder);
      case PRUNE_SNAPSHOTS -> state.prune(request.getPruneSnapshots(), responder);
      case HASH_STATE -> state.hash(request.getHashState(), responder);
      case READ_JOURNAL -> journal.read(request.getReadJournal(), responder);
      case GET_FEED_STATE -> feed.tell(responder);
      case KEEP_FOR_FEED -> feed.keep(request.getKeepForFeed(), responder);
      case END_FLOOR -> feed.end(request.getEndFloor(), responder);
      case CHECK_STATE -> checks.check(request.getCheckState(), responder);
      case REPAIR_FINDINGS -> checks.repair(request.getRepairFindings(), responder);
      case REQUEST_NOT_SET ->
          responder.respond(
              Responses.of(
                  ErrorCode.UNSUPPORTED,
                  "the request is of a kind that this master does not know"));
    }
  }

  private void list(RpcResponder responder) {
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

  private void change(ChangeMasters change, RpcResponder responder) {
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
