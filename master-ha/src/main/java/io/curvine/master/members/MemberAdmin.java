/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.AddMaster;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MastersChanged;
import io.curvine.protocol.proto.TransferLeadership;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the members on the leader, one change at a time. The same change asked again while it
 * goes on waits for its end. Every failure is a {@link CurvineException}; NOT_LEADER where another
 * master has to be asked the same. Thread-safe.
 */
public final class MemberAdmin {
  private static final Logger LOG = LoggerFactory.getLogger(MemberAdmin.class);
  private static final long WAIT_MAX_MILLIS = 30_000;

  private final String self;
  private final MemberControl control;
  private final Pings pings;
  private final NewcomerCheck newcomers;
  private final Duration silenceMax;

  private ChangeMasters runningChange = ChangeMasters.getDefaultInstance();
  private CompletableFuture<MastersChanged> running = CompletableFuture.completedFuture(null);

  /**
   * @param silenceMax a member that has not answered for this long is taken for dead
   */
  public MemberAdmin(
      String self,
      MemberControl control,
      Pings pings,
      NewcomerCheck newcomers,
      Duration silenceMax) {
    this.self = self;
    this.control = control;
    this.pings = pings;
    this.newcomers = newcomers;
    this.silenceMax = silenceMax;
  }

  /** Begins or goes on with a change, and answers when it is done or its time to wait is over. */
  public CompletableFuture<MastersChanged> change(ChangeMasters request) {
    ChangeMasters change = request.toBuilder().clearWaitMs().build();
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    MastersChanged unfinished =
        MastersChanged.newBuilder().setGroup(MemberProtos.group(control.membership())).build();
    return joinOrBegin(change)
        .copy()
        .completeOnTimeout(unfinished, waitMillis, TimeUnit.MILLISECONDS);
  }

  private synchronized CompletableFuture<MastersChanged> joinOrBegin(ChangeMasters change) {
    boolean again = !change.getRequest().isEmpty() && change.equals(runningChange);
    boolean same = nameless(change).equals(nameless(runningChange));
    if (running.isDone() ? again && !running.isCompletedExceptionally() : same) {
      return running;
    }
    if (!running.isDone()) {
      return CompletableFuture.failedFuture(
          new CurvineException(
              ErrorCode.BUSY, "another change of the masters is under way; try later"));
    }
    try {
      runningChange = change;
      running = begin(change);
      return running;
    } catch (CurvineException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static ChangeMasters nameless(ChangeMasters change) {
    return change.toBuilder().clearRequest().build();
  }

  private CompletableFuture<MastersChanged> begin(ChangeMasters change) throws CurvineException {
    Membership now = control.membership();
    if (!now.settled()) {
      throw new CurvineException(
          ErrorCode.BUSY, "a change of the masters is not committed yet; try later");
    }
    return silent(now)
        .thenCompose(
            silent -> {
              try {
                return change.hasTransfer()
                    ? transfer(now, change.getTransfer(), silent)
                    : carryOut(change, now, silent);
              } catch (CurvineException e) {
                return CompletableFuture.failedFuture(e);
              }
            });
  }

  private CompletableFuture<MastersChanged> carryOut(
      ChangeMasters change, Membership now, Set<String> silent) throws CurvineException {
    MemberPlan plan = plan(now, change);
    if (!plan.changed()) {
      return CompletableFuture.completedFuture(done(false, plan.warnings()));
    }
    plan.requireMajority(silent);
    LOG.info("{} of the masters {}", change.getChangeCase(), now.names());
    CompletableFuture<Void> checked = newcomers.check(now, plan);
    if (plan.wanted().stream().noneMatch(member -> member.id().equals(self))) {
      Member next = successor(now, plan, silent);
      return checked.thenCompose(right -> handOver(now, next));
    }
    return checked
        .thenCompose(right -> control.change(now, plan.wanted()))
        .thenApply(committed -> done(true, plan.warnings()));
  }

  private static MemberPlan plan(Membership now, ChangeMasters change) throws CurvineException {
    return switch (change.getChangeCase()) {
      case ADD -> {
        AddMaster add = change.getAdd();
        yield MemberPlan.add(
            now,
            MemberProtos.peer(add.getMaster()),
            add.getListener(),
            add.hasPriority() ? OptionalInt.of(add.getPriority()) : OptionalInt.empty());
      }
      case REMOVE -> MemberPlan.remove(now, change.getRemove().getId());
      case REPLACE ->
          MemberPlan.replace(
              now, change.getReplace().getId(), MemberProtos.peer(change.getReplace().getBy()));
      case PRIORITY ->
          MemberPlan.priority(
              now, change.getPriority().getId(), change.getPriority().getPriority());
      case TRANSFER, CHANGE_NOT_SET ->
          throw new CurvineException(
              ErrorCode.INVALID_ARGUMENT,
              "no change; allowed: add, remove, replace, priority, transfer");
    };
  }

  /**
   * Those of the others that do not answer: Raft for long, or pings now. A master that died a
   * second ago must not be counted on.
   */
  private CompletableFuture<Set<String>> silent(Membership now) {
    Set<String> silent = new HashSet<>();
    control
        .silence()
        .forEach(
            (id, silence) -> {
              if (silence.compareTo(silenceMax) > 0) {
                silent.add(id);
              }
            });
    List<Member> others =
        now.members().stream().filter(member -> !member.id().equals(self)).toList();
    return pings
        .silent(others)
        .thenApply(
            more -> {
              silent.addAll(more);
              return Set.copyOf(silent);
            });
  }

  private MastersChanged done(boolean changed, List<String> warnings) {
    return MastersChanged.newBuilder()
        .setFinished(true)
        .setChanged(changed)
        .addAllWarnings(warnings)
        .setGroup(MemberProtos.group(control.membership()))
        .build();
  }

  private CompletableFuture<MastersChanged> transfer(
      Membership now, TransferLeadership asked, Set<String> silent) throws CurvineException {
    String wanted = asked.getId();
    if (!asked.getFrom().isEmpty() && !asked.getFrom().equals(self)) {
      return CompletableFuture.completedFuture(done(true, List.of()));
    }
    if (wanted.equals(self)) {
      return CompletableFuture.completedFuture(
          done(false, List.of("master " + self + " leads already")));
    }
    Successors successors = new Successors(now, self, silent);
    Member target = wanted.isEmpty() ? successors.best() : successors.named(wanted);
    return control.transfer(target.id()).thenApply(leads -> done(true, List.of()));
  }

  private Member successor(Membership now, MemberPlan plan, Set<String> silent)
      throws CurvineException {
    List<Member> left =
        now.voters().stream().filter(member -> plan.wanted().contains(member)).toList();
    return new Successors(new Membership(now.index(), true, left), self, silent).best();
  }

  /** A leader that is to go lets another one lead first, which then does what was asked. */
  private CompletableFuture<MastersChanged> handOver(Membership now, Member next) {
    Member own = now.find(self).orElseThrow();
    CompletableFuture<Void> lowered = CompletableFuture.completedFuture(null);
    if (own.priority() > next.priority()) {
      // Raft hands over to none that has a lower priority than another.
      lowered =
          control.change(
              now,
              now.members().stream()
                  .map(member -> member.equals(own) ? own.withPriority(next.priority()) : member)
                  .toList());
    }
    return lowered
        .thenCompose(done -> control.transfer(next.id()))
        .thenCompose(
            done ->
                CompletableFuture.failedFuture(
                    new CurvineException(
                        ErrorCode.NOT_LEADER, "master " + next.id() + " leads now")));
  }
}
