/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.disk.DiskWatch;
import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.Sessions;
import io.curvine.master.read.ReadLease;
import io.curvine.master.snapshot.SnapshotSource;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotChunk;
import io.curvine.protocol.proto.GetSnapshotManifest;
import io.curvine.protocol.proto.KeepAlive;
import io.curvine.protocol.proto.KeepAliveReply;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.rpc.RpcHandler;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The master's RPC port: hands each request to the part that serves it. What only the leader may
 * answer is refused elsewhere with the leader's address. Thread-safe; called on event loops.
 */
public final class MasterService implements RpcHandler {
  /** A larger command is refused: its events must fit one Raft entry. */
  static final int COMMAND_MAX_BYTES = 8 << 20;

  private final NodeView node;
  private final DecideLoop decideLoop;
  private final MountCheck mountCheck;
  private final Sessions sessions;
  private final Duration sessionTimeout;
  private final QueryService queryService;
  private final LeaderQueries leaderQueries;
  private final ReadPoints readPoints;
  private final WorkerService workerService;
  private final FeedService feedService;
  private final ChangeService changeService;
  private final BatchService batchService;
  private final AdminService adminService;
  private final LookBackService lookBack;
  private final QuerySteps steps;
  private final ReadLease lease;
  private final JobDispatcher jobs;
  private final SnapshotSource snapshots;
  private final DiskWatch disk;
  private final Executor executor;

  MasterService(ServiceParts parts) {
    this.node = parts.node();
    this.executor = parts.executor();
    this.decideLoop = parts.decideLoop();
    this.mountCheck = new MountCheck(node, parts.loader(), parts.sealer(), parts.scanInterval());
    this.sessions = parts.sessions();
    this.sessionTimeout = parts.sessionTimeout();
    this.jobs = parts.jobs();
    this.snapshots = parts.snapshots();
    this.disk = parts.disk();
    ServiceParts.Reads reads = parts.reads();
    this.lease = reads.lease();
    this.steps = new QuerySteps(node, parts.queryPool(), parts.queriesWaitingMax());
    Freshness freshness = new Freshness(node, parts.loader(), System::nanoTime);
    this.leaderQueries =
        new LeaderQueries(
            node, reads.lease(), steps, parts.loader(), parts.jobWaiters(), freshness);
    this.queryService =
        new QueryService(
            node,
            reads,
            steps,
            leaderQueries,
            new FollowerQueries(node, reads.gate(), steps, freshness));
    this.readPoints = new ReadPoints(node, reads.lease(), steps);
    this.workerService =
        new WorkerService(
            node, parts.registry(), parts.replicator(), parts.workerLease(), executor);
    this.feedService = new FeedService(parts.journal(), executor);
    this.changeService = new ChangeService(parts.journal(), executor);
    this.batchService = new BatchService(this::command);
    this.adminService = parts.admin();
    this.lookBack = parts.lookBack();
  }

  @Override
  public void handle(MasterRequest request, RpcResponder responder) {
    switch (request.getRequestCase()) {
      case PING -> responder.respond(MasterResponse.newBuilder().setPong(node.progress()).build());
      case HEARTBEAT -> workerService.heartbeat(request.getHeartbeat(), responder);
      case BLOCK_REPORT -> workerService.report(request.getBlockReport(), responder);
      case QUERY -> queryService.handle(request.getQuery(), responder);
      case CONFIRM_TERM -> responder.respond(readPoints.confirm(request.getConfirmTerm()));
      case FETCH_CHANGES -> changeService.fetch(request.getFetchChanges(), responder);
      case FETCH_EVENTS -> feedService.fetch(request.getFetchEvents(), responder);
      case ADMIN -> adminService.handle(request.getAdmin(), responder);
      case GET_SNAPSHOT_MANIFEST -> manifest(request.getGetSnapshotManifest(), responder);
      case GET_SNAPSHOT_CHUNK -> chunk(request.getGetSnapshotChunk(), responder);
      default -> {
        if (node.leading()) {
          handleOnLeader(request, responder);
        } else {
          responder.respond(Responses.notLeader(node));
        }
      }
    }
  }

  private void handleOnLeader(MasterRequest request, RpcResponder responder) {
    switch (request.getRequestCase()) {
      case COMMAND -> command(request.getCommand(), responder);
      case COMMAND_BATCH -> batchService.handle(request.getCommandBatch(), responder);
      case CHECK_BLOCKS -> leaderQueries.checkBlocks(request.getCheckBlocks(), responder);
      case GET_READ_POINT -> readPoints.readPoint(responder);
      // What is looked at is over; whether one may look, and what is now, is not.
      case LOOK_BACK ->
          steps.await(
              lease.gate(), responder, passed -> lookBack.handle(request.getLookBack(), responder));
      case POLL_JOBS ->
          jobs.poll(
              request.getPollJobs(),
              reply -> responder.respond(MasterResponse.newBuilder().setPollJobs(reply).build()));
      case POLL_COPIES -> workerService.pollCopies(request.getPollCopies(), responder);
      case CHECK_UFS -> mountCheck.probe(request.getCheckUfs(), responder);
      case KEEP_ALIVE -> responder.respond(keepAlive(request.getKeepAlive()));
      default ->
          responder.respond(
              Responses.of(
                  ErrorCode.UNSUPPORTED,
                  "the request is of a kind that this master does not know"));
    }
  }

  private void command(Command command, RpcResponder responder) {
    switch (command.getCommandCase()) {
      case CLAIM_LEADERSHIP,
          REAP_SUBTREE,
          RECONCILE_DIRECTORY,
          REPAIR_STATE,
          SAVE_GROUP,
          COMMIT_GROUP_OFFSETS,
          DELETE_GROUP,
          DELETE_GROUP_OFFSETS,
          FOLLOW_SOURCE,
          MARK_DIRTY,
          CLEAN_SUBTREE,
          ADVANCE_TREE_JOB,
          SET_FEED_FLOOR,
          REMOVE_FEED_FLOOR,
          FORGET_WORKER,
          SET_WORKER_LEAVING,
          CORRECT_QUOTA,
          EXPIRE_FILES,
          PURGE_TRASH -> {
        responder.respond(
            Responses.of(ErrorCode.PERMISSION_DENIED, "only the leader itself may ask this"));
        return;
      }
      case PLACE_BLOCK -> {
        if (command.getPlaceBlock().getRemovedWorkerIdsCount() > 0) {
          responder.respond(
              Responses.of(ErrorCode.PERMISSION_DENIED, "only the leader itself removes replicas"));
          return;
        }
      }
      default -> {}
    }
    if (command.getSerializedSize() > COMMAND_MAX_BYTES) {
      responder.respond(
          Responses.of(
              ErrorCode.INVALID_ARGUMENT,
              "the command has "
                  + command.getSerializedSize()
                  + " bytes; allowed: up to "
                  + COMMAND_MAX_BYTES));
      return;
    }
    Optional<String> refusal = disk.refusal(command);
    if (refusal.isPresent()) {
      responder.respond(Responses.of(ErrorCode.NO_SPACE, refusal.get()));
      return;
    }
    if (command.getSessionId() != 0) {
      boolean unused = sessions.touch(command.getSessionId());
    }
    if (MountCheck.concerns(command)) {
      mountCheck
          .check(command)
          .whenComplete(
              (checked, failure) -> {
                if (failure == null) {
                  decide(checked, responder);
                } else {
                  responder.respond(Responses.failure(failure));
                }
              });
    } else {
      decide(command, responder);
    }
  }

  private void decide(Command command, RpcResponder responder) {
    decideLoop.submit(
        command, reply -> responder.respond(Responses.reply(reply, node.leaderRpc())));
  }

  private MasterResponse keepAlive(KeepAlive keepAlive) {
    if (!sessions.touch(keepAlive.getSessionId())) {
      return Responses.of(
          ErrorCode.SESSION_EXPIRED, "session " + keepAlive.getSessionId() + " is not open");
    }
    return MasterResponse.newBuilder()
        .setKeepAlive(
            KeepAliveReply.newBuilder()
                .setSessionTimeoutMs(Math.toIntExact(sessionTimeout.toMillis())))
        .build();
  }

  private void manifest(GetSnapshotManifest request, RpcResponder responder) {
    try {
      executor.execute(() -> responder.respond(manifest(request.getSnapshot())));
    } catch (RejectedExecutionException e) {
      responder.respond(Responses.busy("requests"));
    }
  }

  private MasterResponse manifest(String name) {
    try {
      Optional<SnapshotManifest> found = snapshots.manifest(name);
      return found.isPresent()
          ? MasterResponse.newBuilder().setSnapshotManifest(found.get()).build()
          : Responses.of(
              ErrorCode.NOT_FOUND,
              name.isEmpty() ? "this master has no snapshot" : name + " is not kept any more");
    } catch (IOException | RuntimeException e) {
      return Responses.failure(e);
    }
  }

  private void chunk(GetSnapshotChunk request, RpcResponder responder) {
    snapshots
        .read(request)
        .whenComplete(
            (chunk, failure) ->
                responder.respond(
                    failure == null
                        ? MasterResponse.newBuilder().setSnapshotChunk(chunk).build()
                        : Responses.failure(failure)));
  }
}
