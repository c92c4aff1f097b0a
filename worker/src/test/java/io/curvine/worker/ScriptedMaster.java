/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.BlockReportReply;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CheckBlocksReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FetchEvents;
import io.curvine.protocol.proto.FetchEventsReply;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.HeartbeatReply;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.PollCopiesReply;
import io.curvine.protocol.proto.PollJobsReply;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.rpc.RpcResponder;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A master for tests: it answers as it is told, and remembers what it heard. */
final class ScriptedMaster implements AutoCloseable {
  private final RpcServer server;
  final List<RegisterWorker> registrations = new ArrayList<>();
  final List<FinishJob> finished = new ArrayList<>();
  final Set<BlockId> blocks = new HashSet<>();
  final Map<BlockId, BlockVerdict> verdicts = new HashMap<>();
  final Set<BlockId> pinned = new HashSet<>();
  final Map<Long, FileLayout> layouts = new HashMap<>();
  final List<Event> events = new ArrayList<>();
  final Queue<JobOrder> jobs = new ArrayDeque<>();
  private final Queue<Runnable> polls = new ArrayDeque<>();
  private final Queue<Runnable> fetches = new ArrayDeque<>();
  Heartbeat lastBeat = Heartbeat.getDefaultInstance();
  String clusterId = "cluster-a";
  String leaderRpc = "";
  long retainedFrom;
  int leaseMs = 60_000;
  int fullReports;
  boolean fullKnown;
  List<Mount> mounts = List.of();
  int checks;

  ScriptedMaster() throws IOException {
    server = RpcServer.start(new HostPort("127.0.0.1", 0), 1, this::handle);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.port());
  }

  /** Waits until it heard what makes the condition true. */
  synchronized void await(BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new TimeoutException("the worker did not do what was awaited in 20 s");
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, 20_000_000));
    }
  }

  /** Appends to the journal. */
  synchronized void journal(Event.Builder event) {
    events.add(event.build());
    drain(fetches);
  }

  synchronized void order(JobOrder order) {
    jobs.add(order);
    drain(polls);
  }

  private static void drain(Queue<Runnable> waiting) {
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(Runnable::run);
  }

  private synchronized void handle(MasterRequest request, RpcResponder to) {
    boolean leaders =
        switch (request.getRequestCase()) {
          case COMMAND, QUERY, CHECK_BLOCKS, POLL_JOBS, POLL_COPIES -> true;
          default -> false;
        };
    if (leaders && !leaderRpc.isEmpty()) {
      to.respond(
          MasterResponse.newBuilder()
              .setCode(ErrorCode.NOT_LEADER)
              .setLeaderRpc(leaderRpc)
              .build());
      return;
    }
    switch (request.getRequestCase()) {
      case PING ->
          to.respond(
              MasterResponse.newBuilder()
                  .setPong(
                      Pong.newBuilder()
                          .setClusterId(clusterId)
                          .setAppliedOffset(retainedFrom + events.size()))
                  .build());
      case COMMAND -> to.respond(command(request.getCommand()));
      case QUERY -> to.respond(query(request.getQuery()));
      case HEARTBEAT -> to.respond(heartbeat(request.getHeartbeat()));
      case BLOCK_REPORT -> to.respond(report(request.getBlockReport()));
      case CHECK_BLOCKS -> to.respond(check(request));
      case POLL_JOBS -> poll(to);
      case POLL_COPIES ->
          to.respond(
              MasterResponse.newBuilder()
                  .setPollCopies(PollCopiesReply.getDefaultInstance())
                  .build());
      case FETCH_EVENTS -> fetch(request.getFetchEvents(), to);
      default -> to.respond(refusal(ErrorCode.UNSUPPORTED, request.getRequestCase().name()));
    }
    notifyAll();
  }

  private MasterResponse query(Query query) {
    FileLayout layout = layouts.get(query.getGetLayout().getAt().getInode());
    return layout == null
        ? refusal(ErrorCode.NOT_FOUND, "gone")
        : MasterResponse.newBuilder().setQuery(QueryResult.newBuilder().setLayout(layout)).build();
  }

  private static MasterResponse refusal(ErrorCode code, String message) {
    return MasterResponse.newBuilder().setCode(code).setMessage(message).build();
  }

  private MasterResponse command(Command command) {
    if (command.hasRegisterWorker()) {
      registrations.add(command.getRegisterWorker());
      return MasterResponse.newBuilder()
          .setCommand(CommandResult.newBuilder().setWorkerId(7).setClusterId(clusterId))
          .build();
    }
    finished.add(command.getFinishJob());
    return MasterResponse.newBuilder().setCommand(CommandResult.getDefaultInstance()).build();
  }

  private MasterResponse heartbeat(Heartbeat beat) {
    lastBeat = beat;
    HeartbeatReply.Builder reply =
        HeartbeatReply.newBuilder().setLeaseMs(leaseMs).setFullReport(!fullKnown);
    if (beat.getMountsVersion() != mounts.size()) {
      reply.setMountsChanged(true).setMountsVersion(mounts.size()).addAllMounts(mounts);
    }
    return MasterResponse.newBuilder().setHeartbeat(reply).build();
  }

  private MasterResponse report(BlockReport report) {
    if (report.getFull() && report.getFirst()) {
      blocks.clear();
      fullReports++;
    }
    fullKnown |= report.getFull() && report.getLast();
    blocks.addAll(report.getAddedList());
    blocks.removeAll(report.getRemovedList());
    return MasterResponse.newBuilder()
        .setBlockReport(BlockReportReply.newBuilder().setAccepted(fullKnown))
        .build();
  }

  private MasterResponse check(MasterRequest request) {
    checks++;
    CheckBlocksReply.Builder reply =
        CheckBlocksReply.newBuilder().setOffset(retainedFrom + events.size());
    for (BlockId block : request.getCheckBlocks().getBlocksList()) {
      reply.addVerdicts(verdicts.getOrDefault(block, BlockVerdict.KEEP));
      reply.addPinned(pinned.contains(block));
    }
    return MasterResponse.newBuilder().setCheckBlocks(reply).build();
  }

  private void poll(RpcResponder to) {
    if (jobs.isEmpty()) {
      polls.add(() -> poll(to));
    } else {
      to.respond(
          MasterResponse.newBuilder()
              .setPollJobs(PollJobsReply.newBuilder().addJobs(jobs.remove()))
              .build());
    }
  }

  private void fetch(FetchEvents request, RpcResponder to) {
    long end = retainedFrom + events.size();
    long from = request.getFromOffset();
    if (from < retainedFrom || from > end) {
      to.respond(refusal(ErrorCode.OFFSET_OUT_OF_RANGE, "retained from " + retainedFrom));
    } else if (from == end) {
      fetches.add(() -> fetch(request, to));
    } else {
      to.respond(
          MasterResponse.newBuilder()
              .setFetchEvents(
                  FetchEventsReply.newBuilder()
                      .setFirstOffset(from)
                      .addAllEvents(events.subList((int) (from - retainedFrom), events.size()))
                      .setNextOffset(end))
              .build());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
