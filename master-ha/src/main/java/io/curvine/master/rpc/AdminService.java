/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.rpc.RpcResponder;

/** Answers what operators ask. Thread-safe. */
public final class AdminService {
  private final MastersService masters;
  private final WorkerAdmin workers;
  private final UpkeepService upkeep;
  private final StateService state;
  private final JournalReads journal;
  private final FeedAdmin feed;
  private final CheckService checks;
  private final UfsSyncAdmin ufs;

  public AdminService(
      MastersService masters,
      WorkerAdmin workers,
      UpkeepService upkeep,
      StateService state,
      JournalReads journal,
      FeedAdmin feed,
      CheckService checks,
      UfsSyncAdmin ufs) {
    this.masters = masters;
    this.workers = workers;
    this.upkeep = upkeep;
    this.state = state;
    this.journal = journal;
    this.feed = feed;
    this.checks = checks;
    this.ufs = ufs;
  }

  void handle(AdminRequest request, RpcResponder responder) {
    switch (request.getRequestCase()) {
      case LIST_MASTERS -> masters.list(responder);
      case CHANGE_MASTERS -> masters.change(request.getChangeMasters(), responder);
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
      case END_WORKER -> workers.end(request.getEndWorker(), responder);
      case SET_LEAVING -> workers.setLeaving(request.getSetLeaving(), responder);
      case GET_UFS_SYNC -> ufs.tell(responder);
      case RESYNC_UFS -> ufs.resync(request.getResyncUfs(), responder);
      case NOTIFY_UFS -> ufs.notified(request.getNotifyUfs(), responder);
      case REQUEST_NOT_SET ->
          responder.respond(
              Responses.of(
                  ErrorCode.UNSUPPORTED,
                  "the request is of a kind that this master does not know"));
    }
  }
}
