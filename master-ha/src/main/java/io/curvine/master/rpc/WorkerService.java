/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.query.QueryEngine;
import io.curvine.master.replicas.Replicator;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.BlockReportReply;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.HeartbeatReply;
import io.curvine.protocol.proto.MasterGroup;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.PollCopies;
import io.curvine.protocol.proto.PollCopiesReply;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.rpc.RpcResponder;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes what workers tell every master. Every master grants the lease to serve; a worker needs
 * grants of a majority, so one that is cut off together with a minority stops. Thread-safe.
 */
final class WorkerService {
  private final NodeView node;
  private final WorkerRegistry registry;
  private final Replicator replicator;
  private final Duration lease;
  private final Executor executor;

  WorkerService(
      NodeView node,
      WorkerRegistry registry,
      Replicator replicator,
      Duration lease,
      Executor executor) {
    this.node = node;
    this.registry = registry;
    this.replicator = replicator;
    this.lease = lease;
    this.executor = executor;
  }

  void heartbeat(Heartbeat beat, RpcResponder responder) {
    later(responder, () -> responder.respond(answer(beat)));
  }

  private MasterResponse answer(Heartbeat beat) {
    Pong self = node.pong();
    String clusterId = self.getClusterId();
    if (!beat.getClusterId().isEmpty()
        && !clusterId.isEmpty()
        && !beat.getClusterId().equals(clusterId)) {
      return Responses.of(
          ErrorCode.INVALID_ARGUMENT,
          "the worker belongs to cluster " + beat.getClusterId() + ", this is " + clusterId);
    }
    QueryEngine queries = node.queries();
    if (!queries.knowsWorker(beat.getWorkerId())) {
      return Responses.of(
          ErrorCode.NOT_READY,
          "this master knows no worker "
              + beat.getWorkerId()
              + ": it has not heard of it yet, or was told to forget it; then it is to be restarted");
    }
    boolean fullReport = registry.heartbeat(beat);
    long version = queries.mountsVersion();
    HeartbeatReply.Builder reply =
        HeartbeatReply.newBuilder()
            .setLeaseMs(Math.toIntExact(lease.toMillis()))
            .setFullReport(fullReport)
            .setMountsVersion(version)
            .setLeader(node.leading());
    if (version != beat.getMountsVersion()) {
      reply.setMountsChanged(true).addAllMounts(queries.mountsWithSecrets());
    }
    MasterGroup group = self.getGroup();
    if (group.getSettled() && group.getIndex() != beat.getMastersIndex()) {
      reply.setGroup(group);
    }
    return MasterResponse.newBuilder().setHeartbeat(reply).build();
  }

  void report(BlockReport report, RpcResponder responder) {
    later(
        responder,
        () ->
            responder.respond(
                MasterResponse.newBuilder()
                    .setBlockReport(
                        BlockReportReply.newBuilder().setAccepted(registry.report(report)))
                    .build()));
  }

  /** On the leader: what a worker is to copy from others. */
  void pollCopies(PollCopies poll, RpcResponder responder) {
    later(
        responder,
        () ->
            responder.respond(
                MasterResponse.newBuilder()
                    .setPollCopies(PollCopiesReply.newBuilder().addAllCopies(replicator.poll(poll)))
                    .build()));
  }

  private void later(RpcResponder responder, Runnable run) {
    try {
      executor.execute(
          () -> {
            try {
              run.run();
            } catch (RuntimeException e) {
              responder.respond(Responses.failure(e));
            }
          });
    } catch (RejectedExecutionException e) {
      responder.respond(Responses.busy("requests"));
    }
  }
}
