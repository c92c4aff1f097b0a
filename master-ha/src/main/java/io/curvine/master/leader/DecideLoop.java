/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.command.DecideEngine;
import io.curvine.master.command.Decision;
import io.curvine.master.raft.Consensus;
import io.curvine.master.raft.RaftNode;
import io.curvine.protocol.proto.ClaimLeadership;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides commands, one thread, while this master leads. One Raft entry is in flight at a time;
 * what arrives meanwhile is decided into the next, so entries grow with the load; {@link Gathering}
 * says what else the next one waits for. Callers are answered on the apply thread when the entry
 * that their command was decided in has been applied.
 *
 * <p>A refusal, or a result without events, may depend on what is in flight. It is held until its
 * entry was applied; where there is none, until a read gate has shown that this master still led
 * after it was decided.
 */
public final class DecideLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DecideLoop.class);
  private static final long ROLE_POLL_MILLIS = 50;
  private static final long CLOSE_MILLIS = 5_000;

  /** While an entry is in flight the thread wakes for so many: each wake costs as much as some. */
  private static final int DECIDE_TOGETHER = 32;

  /**
   * Limits of the loop.
   *
   * @param queueCommands waiting to be decided
   * @param entryCommands in one entry
   * @param entryBytes of the requests in one entry
   */
  public record Limits(int queueCommands, int entryCommands, long entryBytes) {}

  /**
   * Whom the loop works with.
   *
   * @param engines a new engine on the committed state, at the beginning of each leadership
   * @param prepare fills in what the leader adds to a command, on the decide thread
   * @param load loads the names of directories from the UFS
   * @param leadership told true when a leadership was claimed, false when it ended
   * @param failed the loop cannot go on
   */
  public record Partners(
      Consensus consensus,
      Supplier<DecideEngine> engines,
      UnaryOperator<Command> prepare,
      Function<List<Long>, CompletableFuture<Void>> load,
      Consumer<Boolean> leadership,
      Consumer<Throwable> failed) {}

  private final String nodeId;
  private final Limits limits;
  private final Partners partners;
  private final DecideMetrics metrics;
  private final Thread thread;

  private final CommandQueue queue;

  // Of the decide thread, but for the volatile ones, which others read.
  private volatile boolean leading;
  private volatile OpenEntry inFlight;
  private long term;
  private long nextEntryId = new SecureRandom().nextLong() >>> 8;
  private long claimAtNanos;
  private boolean claiming;
  private DecideEngine engine;
  private OpenEntry open;
  private final Gathering gathering = new Gathering();

  public DecideLoop(String nodeId, Limits limits, Partners partners, DecideMetrics metrics) {
    this.nodeId = nodeId;
    this.limits = limits;
    this.queue = new CommandQueue(limits.queueCommands);
    this.partners = partners;
    this.metrics = metrics;
    this.thread = new Thread(this::run, "decide");
    thread.setDaemon(true);
  }

  /** Begins to decide whenever this master leads. */
  public void start() {
    thread.start();
  }

  /** Whether this master leads and has claimed the leadership in the journal. */
  public boolean leading() {
    return leading;
  }

  /** Commands that wait to be decided. */
  public int waiting() {
    return queue.size();
  }

  /** Takes a command; the caller is answered on any thread, and does not block in that. */
  public void submit(Command command, Consumer<Reply> caller) {
    enqueue(new PendingCommand(command, caller), false);
  }

  /** As {@link #submit}, for callers inside the master. Fails only if a caller of it does. */
  public CompletableFuture<Reply> propose(Command command) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    submit(command, reply::complete);
    return reply;
  }

  private void enqueue(PendingCommand command, boolean again) {
    switch (queue.offer(command, again)) {
      case TAKEN -> {}
      case FULL -> {
        metrics.turnedAway();
        command.answer(Reply.busy(queue.size()));
      }
      case CLOSED -> command.answer(Reply.notLeader());
    }
  }

  /** The role may have changed, or an entry has ended. */
  public void wake() {
    queue.wake();
  }

  /** An entry was applied or found void; called on the apply thread for every entry. */
  public void applied(long entryId, ApplyOutcome outcome) {
    OpenEntry entry = inFlight;
    if (entry == null || entry.id() != entryId) {
      return;
    }
    if (outcome.applied()) {
      if (entry.end(OpenEntry.Fate.APPLIED)) {
        metrics.committed(entry.size(), entry.nanosSinceProposed());
        entry.answerAll();
      }
    } else {
      entry.end(OpenEntry.Fate.VOID);
    }
    wake();
  }

  private void run() {
    try {
      while (awaitWork()) {
        followRole();
        concludeInFlight();
        if (term != 0 && !leading) {
          claim();
        }
        if (leading) {
          propose(decideWaiting());
        }
      }
    } catch (RuntimeException | Error e) {
      LOG.error("the decide loop failed", e);
      partners.failed.accept(e);
    } finally {
      leave();
    }
  }

  /** Whether the loop goes on. */
  private boolean awaitWork() {
    try {
      return queue.await(enough(), waitNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Commands that are worth waking up for. */
  private int enough() {
    if (!leading || (inFlight == null && open.size() == 0)) {
      return 1;
    }
    int room = limits.entryCommands - open.size();
    if (inFlight != null) {
      // Deciding goes on beside the disk, a handful at a time; a full entry waits for its turn.
      return room == 0 ? Integer.MAX_VALUE : Math.min(DECIDE_TOGETHER, room);
    }
    int missing = gathering.missing(open.size(), System.nanoTime());
    return Math.max(1, Math.min(Math.min(DECIDE_TOGETHER, room), missing));
  }

  private long waitNanos() {
    long poll = TimeUnit.MILLISECONDS.toNanos(ROLE_POLL_MILLIS);
    return leading && inFlight == null && open.size() > 0
        ? Math.min(poll, gathering.leftNanos(System.nanoTime()))
        : poll;
  }

  private void followRole() {
    long now = partners.consensus.leadingTerm();
    if (now == term) {
      if (now == 0) {
        answerWaiting(Reply.notLeader());
      }
      return;
    }
    if (term != 0) {
      leave();
    }
    term = now;
    if (term != 0) {
      LOG.info("leads term {}", term);
      engine = partners.engines.get();
      claimAtNanos = System.nanoTime();
    }
  }

  /** The leadership, or the loop, is over. */
  private void leave() {
    OpenEntry flying = inFlight;
    inFlight = null;
    if (flying != null) {
      boolean unused = flying.end(OpenEntry.Fate.FAILED);
      if (flying.fate() != OpenEntry.Fate.APPLIED) {
        flying.answerAll(Reply.unknownOutcome());
      }
    }
    if (open != null) {
      open.answerAll(Reply.notLeader());
      open = null;
    }
    answerWaiting(Reply.notLeader());
    claiming = false;
    gathering.reset();
    engine = null;
    term = 0;
    endLeadership();
  }

  private void endLeadership() {
    if (leading) {
      leading = false;
      LOG.info("leads no more");
      partners.leadership.accept(false);
    }
  }

  private void answerWaiting(Reply reply) {
    queue.takeAll().forEach(command -> command.answer(reply));
  }

  private void concludeInFlight() {
    OpenEntry entry = inFlight;
    if (entry == null) {
      return;
    }
    switch (entry.fate()) {
      case PENDING -> {}
      case APPLIED -> {
        inFlight = null;
        engine.entryApplied(entry.id());
        if (claiming) {
          claiming = false;
          leading = true;
          beginEntry();
          partners.leadership.accept(true);
        } else {
          gathering.answered(
              entry.size(), open.size(), System.nanoTime(), entry.nanosSinceProposed());
        }
      }
      case VOID, FAILED -> startOver(entry);
    }
  }

  /**
   * What was decided cannot be relied on: claims the leadership anew, if it is still this one's.
   */
  private void startOver(OpenEntry entry) {
    LOG.info("entry {} was {}; claims the leadership again", entry.id(), entry.fate());
    inFlight = null;
    entry.answerAll(Reply.unknownOutcome());
    if (open != null) {
      open.answerAll(Reply.unknownOutcome());
      open = null;
    }
    claiming = false;
    engine.reset();
    gathering.reset();
    claimAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ROLE_POLL_MILLIS);
    endLeadership();
  }

  private void claim() {
    if (claiming || System.nanoTime() - claimAtNanos < 0) {
      return;
    }
    claiming = true;
    engine.reset();
    beginEntry();
    Command command =
        Command.newBuilder()
            .setClaimLeadership(
                ClaimLeadership.newBuilder()
                    .setNodeId(nodeId)
                    .setProposedClusterId(UUID.randomUUID().toString()))
            .build();
    Decision decision = engine.decide(command);
    if (!(decision instanceof Decision.Accepted)) {
      throw new IllegalStateException("the claim of leadership was not accepted: " + decision);
    }
    propose(engine.seal());
  }

  private void beginEntry() {
    open = new OpenEntry(nextEntryId++);
    engine.beginEntry(open.id());
  }

  /** Whether the open entry is full now, with more waiting. */
  private boolean decideWaiting() {
    OpenEntry.Room room = open.room(limits.entryCommands, limits.entryBytes);
    queue.take(room).forEach(this::decide);
    return room.isFull();
  }

  private void decide(PendingCommand pending) {
    Decision decision = engine.decide(partners.prepare.apply(pending.command()));
    if (decision instanceof Decision.Accepted accepted) {
      open.add(pending, Reply.ok(accepted.result()));
    } else if (decision instanceof Decision.Unchanged unchanged) {
      open.add(pending, Reply.ok(unchanged.result()));
    } else if (decision instanceof Decision.Refused refused) {
      open.add(pending, Reply.refused(refused.code(), refused.message()));
    } else if (decision instanceof Decision.NeedsUfs needs) {
      loadFirst(pending, needs.directories());
    }
    metrics.decided(pending);
  }

  private void loadFirst(PendingCommand pending, List<Long> directories) {
    if (!pending.mayLoad(directories)) {
      pending.answer(
          Reply.refused(ErrorCode.UFS_ERROR, "the UFS directory does not come to rest; try later"));
      return;
    }
    partners
        .load
        .apply(directories)
        .whenComplete(
            (loaded, failure) -> {
              if (failure == null) {
                enqueue(pending, true);
              } else {
                pending.answer(Failures.reply(failure));
              }
            });
  }

  private void propose(boolean full) {
    if (inFlight != null || open.size() == 0) {
      return;
    }
    if (!full && gathering.missing(open.size(), System.nanoTime()) > 0) {
      return;
    }
    gathering.proposed(open.size());
    SealedEntry sealed = engine.seal();
    if (sealed == null) {
      answerBehindGate(open, term);
    } else {
      propose(sealed);
    }
    beginEntry();
  }

  private void propose(SealedEntry sealed) {
    OpenEntry entry = open;
    open = null;
    entry.proposed();
    inFlight = entry;
    byte[] bytes = sealed.entry().toByteArray();
    if (bytes.length > RaftNode.ENTRY_MAX_BYTES) {
      LOG.error("an entry of {} commands has {} bytes", entry.size(), bytes.length);
      entry.end(OpenEntry.Fate.FAILED);
      wake();
      return;
    }
    partners
        .consensus
        .submit(bytes, sealed)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && entry.end(OpenEntry.Fate.FAILED)) {
                LOG.info("entry {} failed: {}", entry.id(), failure.toString());
                wake();
              }
            });
  }

  private void answerBehindGate(OpenEntry held, long decidedInTerm) {
    partners
        .consensus
        .readGate()
        .whenComplete(
            (passed, failure) -> {
              if (failure == null && partners.consensus.leadingTerm() == decidedInTerm) {
                held.answerAll();
              } else {
                held.answerAll(Reply.notLeader());
              }
            });
  }

  @Override
  public void close() {
    queue.close();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
