/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.Sessions;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotChunk;
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
  private final WorkerService workerService;
  private final FeedService feedService;
  private final AdminService adminService;
  private final JobDispatcher jobs;
  private final SnapshotStore snapshots;
  private final Executor executor;

  MasterService(ServiceParts parts) {
    this.node = parts.node();
    this.executor = parts.executor();
    this.decideLoop = parts.decideLoop();
    this.mountCheck = new MountCheck(parts.loader(), parts.scanInterval());
    this.sessions = parts.sessions();
    this.sessionTimeout = parts.sessionTimeout();
    this.jobs = parts.jobs();
    this.snapshots = parts.snapshots();
    this.queryService =
        new QueryService(node, parts.queryPool(), parts.loader(), parts.jobWaiters());
    this.workerService = new WorkerService(node, parts.registry(), parts.workerLease(), executor);
    this.feedService = new FeedService(parts.journal(), executor);
    this.adminService = parts.admin();
  }

  @Override
  public void handle(MasterRequest request, RpcResponder responder) {
    switch (request.getRequestCase()) {
      case PING -> responder.respond(MasterResponse.newBuilder().setPong(node.pong()).build());
      case HEARTBEAT -> workerService.heartbeat(request.getHeartbeat(), responder);
      case BLOCK_REPORT -> workerService.report(request.getBlockReport(), responder);
      case FETCH_EVENTS -> feedService.fetch(request.getFetchEvents(), responder);
      case ADMIN -> adminService.handle(request.getAdmin(), responder);
      case GET_SNAPSHOT_MANIFEST -> responder.respond(manifest());
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
      case QUERY -> queryService.handle(request.getQuery(), responder);
      case CHECK_BLOCKS -> queryService.checkBlocks(request.getCheckBlocks(), responder);
      case POLL_JOBS ->
          jobs.poll(
              request.getPollJobs(),
              reply -> responder.respond(MasterResponse.newBuilder().setPollJobs(reply).build()));
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
      case CLAIM_LEADERSHIP, REAP_SUBTREE, RECONCILE_DIRECTORY -> {
        responder.respond(
            Responses.of(ErrorCode.PERMISSION_DENIED, "only the leader itself may ask this"));
        return;
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
    if (command.getSessionId() != 0) {
      boolean unused = sessions.touch(command.getSessionId());
    }
    if (command.hasMountUfs()) {
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

  private MasterResponse manifest() {
    Optional<SnapshotManifest> newest = snapshots.newest();
    return newest.isPresent()
        ? MasterResponse.newBuilder().setSnapshotManifest(newest.get()).build()
        : Responses.of(ErrorCode.NOT_FOUND, "this master has no snapshot");
  }

  private void chunk(GetSnapshotChunk request, RpcResponder responder) {
    try {
      executor.execute(() -> responder.respond(readChunk(request)));
    } catch (RejectedExecutionException e) {
      responder.respond(Responses.busy("requests"));
    }
  }

  private MasterResponse readChunk(GetSnapshotChunk request) {
    try {
      return MasterResponse.newBuilder()
          .setSnapshotChunk(
              snapshots.read(
                  request.getSnapshot(),
                  request.getPath(),
                  request.getOffsetBytes(),
                  request.getLengthBytes()))
          .build();
    } catch (IOException | RuntimeException e) {
      return Responses.failure(e);
    }
  }
}
