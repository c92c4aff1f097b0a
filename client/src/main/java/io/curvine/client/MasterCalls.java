/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CloseSession;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.KeepAlive;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands and queries to whichever master leads, over failovers. Thread-safe.
 *
 * <p>A command keeps its session and number over all its retries, so it takes effect once. What is
 * not known at the end of the patience, or because the session expired meanwhile, is
 * UNKNOWN_OUTCOME.
 */
final class MasterCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterCalls.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  /** Until the masters have said what it is. */
  private static final long KEEP_ALIVE_FIRST_MS = 50;

  private static final long KEEP_ALIVE_RETRY_MS = 1_000;

  private final ClientConfig config;
  private final Principal owner;
  private final LeaderCalls leader;
  private final ReadCalls reads;
  private final Pauses pauses = new Pauses();
  private final Object sessionLock = new Object();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "curvine-keep-alive");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Session session;

  MasterCalls(ClientConfig config, Principal owner) {
    this.config = config;
    this.owner = owner;
    RpcClient rpc = new RpcClient(config.connectTimeout());
    this.leader = new LeaderCalls(config, rpc, pauses);
    this.reads = new ReadCalls(config, rpc, leader);
  }

  /**
   * Carries out a command, given without session and number.
   *
   * @throws CurvineException the refusal, or UNKNOWN_OUTCOME, or NOT_READY where no master could
   */
  CommandResult command(Command command) throws IOException {
    long deadline = System.nanoTime() + config.requestTimeout().toNanos();
    while (true) {
      Session current = session(deadline);
      long seq = current.begin();
      try {
        LeaderCalls.Outcome outcome =
            leader.call(
                () ->
                    MasterRequest.newBuilder()
                        .setCommand(
                            command.toBuilder()
                                .setSessionId(current.id())
                                .setSeq(seq)
                                .setAckedBelow(current.ackedBelow()))
                        .build(),
                true,
                Duration.ZERO,
                deadline);
        MasterResponse response = outcome.response();
        if (response.getCode() != ErrorCode.SESSION_EXPIRED) {
          CommandResult result = accepted(response).getCommand();
          reads.changed(result.getOffset());
          return result;
        }
        current.expire();
        LOG.info("session {} expired", current.id());
        if (outcome.outcomeWasOpen() || System.nanoTime() - deadline > 0) {
          throw new CurvineException(
              ErrorCode.UNKNOWN_OUTCOME,
              "session "
                  + current.id()
                  + " expired while the answer to "
                  + command.getCommandCase()
                  + " was awaited; whether it took effect is not known");
        }
      } finally {
        current.done(seq);
      }
    }
  }

  /** Asks whichever master the client is set to read from. */
  QueryResult read(Query query) throws IOException {
    return accepted(reads.read(query)).getQuery();
  }

  /** Asks the leader. */
  QueryResult query(Query query) throws IOException {
    return query(query, Duration.ZERO);
  }

  /**
   * Asks the leader what it may take {@code wait} to answer, beside what an answer takes anyway.
   */
  QueryResult query(Query query, Duration wait) throws IOException {
    MasterRequest request = MasterRequest.newBuilder().setQuery(query).build();
    long deadline = System.nanoTime() + config.requestTimeout().plus(wait).toNanos();
    return accepted(leader.call(() -> request, false, wait, deadline).response()).getQuery();
  }

  private static MasterResponse accepted(MasterResponse response) throws CurvineException {
    if (response.getCode() != ErrorCode.OK) {
      throw new CurvineException(response.getCode(), response.getMessage());
    }
    return response;
  }

  // --- session ---

  private Session session(long deadline) throws IOException {
    Session current = session;
    if (current != null && !current.expired()) {
      return current;
    }
    synchronized (sessionLock) {
      if (session == null || session.expired()) {
        session = open(deadline);
        scheduleKeepAlive(session, KEEP_ALIVE_FIRST_MS);
      }
      return session;
    }
  }

  /** A retry may open a second one, which expires by itself. */
  private Session open(long deadline) throws IOException {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setCommand(
                Command.newBuilder()
                    .setPrincipal(owner)
                    .setOpenSession(OpenSession.newBuilder().setClientName(config.clientName())))
            .build();
    LeaderCalls.Outcome outcome = leader.call(() -> request, false, Duration.ZERO, deadline);
    return new Session(accepted(outcome.response()).getCommand().getSessionId());
  }

  private void scheduleKeepAlive(Session of, long delayMs) {
    if (!pauses.isClosed()) {
      timer.schedule(() -> keepAlive(of), delayMs, TimeUnit.MILLISECONDS);
    }
  }

  private void keepAlive(Session of) {
    if (of.expired() || pauses.isClosed()) {
      return;
    }
    MasterRequest request =
        MasterRequest.newBuilder()
            .setKeepAlive(KeepAlive.newBuilder().setSessionId(of.id()))
            .build();
    long nextMs = KEEP_ALIVE_RETRY_MS;
    try {
      long deadline = System.nanoTime() + config.requestTimeout().toNanos();
      MasterResponse response =
          leader.call(() -> request, false, Duration.ZERO, deadline).response();
      if (response.getCode() == ErrorCode.SESSION_EXPIRED) {
        of.expire();
        LOG.info("session {} expired", of.id());
        return;
      }
      nextMs = Math.max(1, accepted(response).getKeepAlive().getSessionTimeoutMs() / 4);
    } catch (IOException e) {
      if (pauses.isClosed()) {
        return;
      }
      LOG.warn("session {} cannot be kept alive: {}", of.id(), e.getMessage());
    }
    scheduleKeepAlive(of, nextMs);
  }

  // --- end ---

  /** Ends the session if a master can be told so, and all waiting calls. */
  @Override
  public void close() {
    Session last = session;
    if (last != null && !last.expired() && !pauses.isClosed()) {
      closeSession(last);
    }
    pauses.close();
    timer.shutdownNow();
    leader.close();
  }

  private void closeSession(Session last) {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setCommand(
                Command.newBuilder()
                    .setSessionId(last.id())
                    .setSeq(last.begin())
                    .setAckedBelow(last.ackedBelow())
                    .setPrincipal(owner)
                    .setCloseSession(CloseSession.newBuilder().setSessionId(last.id())))
            .build();
    try {
      long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
      accepted(leader.call(() -> request, true, Duration.ZERO, deadline).response());
    } catch (IOException e) {
      LOG.debug("session {} is left to expire: {}", last.id(), e.getMessage());
    }
  }

  Pauses pauses() {
    return pauses;
  }
}
