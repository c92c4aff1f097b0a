/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CheckUfs;
import io.curvine.protocol.proto.CheckUfsReply;
import io.curvine.protocol.proto.CloseSession;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandReply;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.KeepAlive;
import io.curvine.protocol.proto.LookBack;
import io.curvine.protocol.proto.LookBackReply;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
  private final FeedCalls feed;
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

  /** The newest attempt to open one; guarded by the lock. */
  private CompletableFuture<Session> opening;

  MasterCalls(ClientConfig config, Principal owner) {
    this.config = config;
    this.owner = owner;
    RpcClient rpc = new RpcClient(config.connectTimeout());
    this.leader = new LeaderCalls(config, rpc, pauses);
    this.reads = new ReadCalls(config, rpc, leader);
    this.feed = new FeedCalls(config, rpc, pauses);
  }

  /**
   * Carries out a command, given without session and number, and waits.
   *
   * @throws CurvineException the refusal, or UNKNOWN_OUTCOME, or NOT_READY where no master could
   */
  CommandResult command(Command command) throws IOException {
    return Answers.await(submit(command));
  }

  /** The same without a thread that waits; what is chained to it must not block. */
  CompletableFuture<CommandResult> submit(Command command) {
    return submit(new Submission.Single(command));
  }

  /**
   * Many in one request, in the same way; each has its own answer, in the order of the commands.
   * Fails as a whole only where that is so of each: not sent, not answered, or not allowed.
   *
   * @param batch at least one command and at most {@link Limits#BATCH_MAX_COMMANDS}, without
   *     session and numbers
   */
  CompletableFuture<List<CommandReply>> submitBatch(CommandBatch batch) {
    return submit(new Submission.Many(batch));
  }

  /**
   * The number of a command that is to be asked later, or given up.
   *
   * @param session that it is of
   */
  record Turn(Session session, long seq) {}

  /** A number for one command; empty: none is free just now. It is held until it is used. */
  Optional<Turn> takeNumber() throws IOException {
    Session current = session;
    if (current == null || current.expired()) {
      current = Answers.await(session(System.nanoTime() + config.requestTimeout().toNanos()));
    }
    long seq = current.begin(1);
    return seq == Session.FULL ? Optional.empty() : Optional.of(new Turn(current, seq));
  }

  /** The number is not used. */
  void giveUp(Turn number) {
    number.session().done(number.seq(), 1);
  }

  /**
   * Carries out a command under the number that was taken for it, and waits. It is not asked again
   * under another one.
   *
   * @throws CurvineException the refusal, SESSION_EXPIRED too; or UNKNOWN_OUTCOME, or NOT_READY
   */
  CommandResult command(Command command, Turn number) throws IOException {
    Session in = number.session();
    long deadline = System.nanoTime() + config.requestTimeout().toNanos();
    Submission.Single asked = new Submission.Single(command);
    return Answers.await(
        call(asked, in, number.seq(), deadline)
            .thenCompose(
                outcome ->
                    result(
                        asked,
                        in,
                        outcome,
                        () -> CompletableFuture.failedFuture(refusal(outcome.response())))));
  }

  private <T> CompletableFuture<T> submit(Submission<T> asked) {
    long deadline = System.nanoTime() + config.requestTimeout().toNanos();
    Session current = session;
    if (current == null || current.expired()) {
      return session(deadline).thenCompose(opened -> submit(asked, opened, deadline));
    }
    return submit(asked, current, deadline);
  }

  private <T> CompletableFuture<T> submit(Submission<T> asked, Session in, long deadline) {
    long first = in.begin(asked.count());
    if (first != Session.FULL) {
      return send(asked, in, first, deadline);
    }
    // Each of the outstanding commands ends by its own deadline, so the wait has an end too.
    return in.beginLater(asked.count()).thenCompose(given -> sendLate(asked, in, given, deadline));
  }

  private <T> CompletableFuture<T> sendLate(
      Submission<T> asked, Session in, long first, long deadline) {
    if (!in.expired() && System.nanoTime() - deadline < 0) {
      return send(asked, in, first, deadline);
    }
    in.done(first, asked.count());
    return inTime(asked, deadline);
  }

  private <T> CompletableFuture<T> send(
      Submission<T> asked, Session in, long first, long deadline) {
    return call(asked, in, first, deadline)
        .thenCompose(
            outcome ->
                result(
                    asked,
                    in,
                    outcome,
                    () ->
                        System.nanoTime() - deadline > 0
                            ? CompletableFuture.failedFuture(unknown(asked, in))
                            : inTime(asked, deadline)));
  }

  /** Asks the leader; the numbers are done with when it has answered, or will not. */
  private CompletableFuture<LeaderCalls.Outcome> call(
      Submission<?> asked, Session in, long first, long deadline) {
    try {
      return leader
          .call(
              () -> asked.numbered(in.id(), first, in.ackedBelow()), true, Duration.ZERO, deadline)
          .whenComplete((outcome, failure) -> in.done(first, asked.count()));
    } catch (RuntimeException | Error e) {
      in.done(first, asked.count());
      throw e;
    }
  }

  /**
   * What the leader's answer says.
   *
   * @param expired what follows where the session has ended and nothing was done
   */
  private <T> CompletableFuture<T> result(
      Submission<T> asked,
      Session in,
      LeaderCalls.Outcome outcome,
      Supplier<CompletableFuture<T>> expired) {
    MasterResponse response = outcome.response();
    if (response.getCode() == ErrorCode.OK) {
      return answer(asked, response);
    }
    if (response.getCode() != ErrorCode.SESSION_EXPIRED) {
      return CompletableFuture.failedFuture(refusal(response));
    }
    in.expire();
    LOG.info("session {} expired", in.id());
    return outcome.outcomeWasOpen()
        ? CompletableFuture.failedFuture(unknown(asked, in))
        : expired.get();
  }

  private static CurvineException unknown(Submission<?> asked, Session in) {
    return new CurvineException(
        ErrorCode.UNKNOWN_OUTCOME,
        "session "
            + in.id()
            + " expired while the answer to "
            + asked.words()
            + " was awaited; whether it took effect is not known");
  }

  private <T> CompletableFuture<T> answer(Submission<T> asked, MasterResponse response) {
    try {
      T answer = asked.answer(response);
      reads.changed(asked.offset(answer));
      return CompletableFuture.completedFuture(answer);
    } catch (CurvineException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <T> CompletableFuture<T> inTime(Submission<T> asked, long deadline) {
    if (System.nanoTime() - deadline >= 0) {
      return CompletableFuture.failedFuture(
          new CurvineException(
              ErrorCode.NOT_READY,
              "no answer in time to what was asked before "
                  + asked.words()
                  + "; a session has room for "
                  + Limits.SESSION_WINDOW_MAX_COMMANDS
                  + " commands"));
    }
    return session(deadline).thenCompose(next -> submit(asked, next, deadline));
  }

  /** Asks whichever master the client is set to read from, and waits. */
  QueryResult read(Query query) throws IOException {
    return Answers.await(
        reads.read(query).thenCompose(MasterCalls::accepted).thenApply(MasterResponse::getQuery));
  }

  /** Asks the leader, and waits. */
  QueryResult query(Query query) throws IOException {
    return query(query, Duration.ZERO);
  }

  /**
   * Asks the leader what it may take {@code wait} to answer, beside what an answer takes anyway.
   */
  QueryResult query(Query query, Duration wait) throws IOException {
    return Answers.await(ask(query, wait));
  }

  /** The same without a thread that waits; what is chained to it must not block. */
  CompletableFuture<QueryResult> ask(Query query, Duration wait) {
    return ask(MasterRequest.newBuilder().setQuery(query).build(), wait)
        .thenApply(MasterResponse::getQuery);
  }

  /** Asks the leader to look back, what may take it {@code wait}, and waits. */
  LookBackReply lookBack(LookBack question, Duration wait) throws IOException {
    return Answers.await(ask(MasterRequest.newBuilder().setLookBack(question).build(), wait))
        .getLookBack();
  }

  /** Has the leader try a location, what may take it {@code wait}, and waits. */
  CheckUfsReply checkUfs(CheckUfs question, Duration wait) throws IOException {
    return Answers.await(ask(MasterRequest.newBuilder().setCheckUfs(question).build(), wait))
        .getCheckUfs();
  }

  private CompletableFuture<MasterResponse> ask(MasterRequest request, Duration wait) {
    long deadline = System.nanoTime() + config.requestTimeout().plus(wait).toNanos();
    return leader
        .call(() -> request, false, wait, deadline)
        .thenApply(LeaderCalls.Outcome::response)
        .thenCompose(MasterCalls::accepted);
  }

  private static CompletableFuture<MasterResponse> accepted(MasterResponse response) {
    return response.getCode() == ErrorCode.OK
        ? CompletableFuture.completedFuture(response)
        : CompletableFuture.failedFuture(refusal(response));
  }

  private static CurvineException refusal(MasterResponse response) {
    return new CurvineException(response.getCode(), response.getMessage());
  }

  // --- session ---

  /** Of the session that commands go into now; 0: there is none yet. */
  long sessionId() {
    Session current = session;
    return current == null ? 0 : current.id();
  }

  /** The one that is open, or the one that is being opened, in the time of who came first. */
  private CompletableFuture<Session> session(long deadline) {
    CompletableFuture<Session> mine;
    synchronized (sessionLock) {
      Session current = session;
      if (current != null && !current.expired()) {
        return CompletableFuture.completedFuture(current);
      }
      if (opening == null || opening.isDone()) {
        opening = open(deadline);
      }
      mine = opening;
    }
    return mine.copy();
  }

  /** A retry may open a second one, which expires by itself. */
  private CompletableFuture<Session> open(long deadline) {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setCommand(
                Command.newBuilder()
                    .setPrincipal(owner)
                    .setOpenSession(OpenSession.newBuilder().setClientName(config.clientName())))
            .build();
    return leader
        .call(() -> request, false, Duration.ZERO, deadline)
        .thenApply(LeaderCalls.Outcome::response)
        .thenCompose(MasterCalls::accepted)
        .thenApply(
            response -> {
              Session opened = new Session(response.getCommand().getSessionId());
              // Whoever sees that none is being opened any more sees this one.
              synchronized (sessionLock) {
                session = opened;
              }
              scheduleKeepAlive(opened, KEEP_ALIVE_FIRST_MS);
              return opened;
            });
  }

  private void scheduleKeepAlive(Session of, long delayMs) {
    try {
      timer.schedule(() -> keepAlive(of), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("session {} is not kept alive any more: the client is closed", of.id());
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
          Answers.await(leader.call(() -> request, false, Duration.ZERO, deadline)).response();
      if (response.getCode() == ErrorCode.SESSION_EXPIRED) {
        of.expire();
        LOG.info("session {} expired", of.id());
        return;
      }
      if (response.getCode() != ErrorCode.OK) {
        throw refusal(response);
      }
      nextMs = Math.max(1, response.getKeepAlive().getSessionTimeoutMs() / 4);
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
    long seq = last.begin(1);
    if (seq == Session.FULL) {
      LOG.debug("session {} is left to expire: it has no number for its end", last.id());
      return;
    }
    Submission.Single end =
        new Submission.Single(
            Command.newBuilder()
                .setPrincipal(owner)
                .setCloseSession(CloseSession.newBuilder().setSessionId(last.id()))
                .build());
    try {
      long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
      MasterResponse response =
          Answers.await(
                  leader.call(
                      () -> end.numbered(last.id(), seq, last.ackedBelow()),
                      true,
                      Duration.ZERO,
                      deadline))
              .response();
      if (response.getCode() != ErrorCode.OK) {
        throw refusal(response);
      }
    } catch (IOException e) {
      LOG.debug("session {} is left to expire: {}", last.id(), e.getMessage());
    }
  }

  FeedCalls feed() {
    return feed;
  }

  Pauses pauses() {
    return pauses;
  }
}
