/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The lease against a clock and a majority that do what the test says. */
class ReadLeaseTest {
  private record Question(long term, CompletableFuture<Void> answer) {}

  private final Deque<Question> asked = new ArrayDeque<>();
  private long clockNanos = Long.MAX_VALUE - 5_000_000;
  private long term = 7;
  private final ReadLease lease =
      new ReadLease(() -> term, this::ask, ReadLease.LENGTH, () -> clockNanos);

  private CompletableFuture<Void> ask(long about) {
    Question question = new Question(about, new CompletableFuture<>());
    asked.add(question);
    return question.answer;
  }

  private void pass(Duration time) {
    clockNanos += time.toNanos();
  }

  private void confirm() {
    asked.remove().answer.complete(null);
  }

  @Test
  void holdsFromTheQuestionAndNotFromTheAnswer() {
    CompletableFuture<Void> gate = lease.gate();
    assertThat(asked.peek().term).isEqualTo(7);
    pass(Duration.ofMillis(100));
    assertThat(gate).isNotDone();
    assertThat(lease.holds()).isFalse();
    confirm();
    assertThat(gate).isCompleted();
    assertThat(lease.holds()).isTrue();
    pass(Duration.ofMillis(10).minusNanos(1));
    assertThat(lease.holds()).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(lease.holds()).isFalse();
  }

  @Test
  void asksOnceForAllWhoCameBeforeAndAgainForThoseWhoCameAfter() {
    CompletableFuture<Void> first = lease.gate();
    CompletableFuture<Void> second = lease.gate();
    CompletableFuture<Void> third = lease.gate();
    assertThat(asked).hasSize(1);
    pass(ReadLease.LENGTH);
    confirm();
    assertThat(first).isCompleted();
    assertThat(second).as("came after the question").isNotDone();
    assertThat(third).isNotDone();
    assertThat(asked).hasSize(1);
    confirm();
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(asked).isEmpty();
  }

  @Test
  void renewsInTheBackgroundWhileThereAreReads() {
    CompletableFuture<Void> gate = lease.gate();
    confirm();
    assertThat(gate).isCompleted();
    assertThat(lease.holds()).isTrue();
    assertThat(asked).isEmpty();
    pass(ReadLease.LENGTH.dividedBy(2));
    assertThat(lease.holds()).isTrue();
    assertThat(lease.holds()).isTrue();
    assertThat(asked).hasSize(1);
    confirm();
    pass(ReadLease.LENGTH.dividedBy(2).plusMillis(1));
    assertThat(lease.gate()).isCompleted();
    assertThat(lease.holds()).isTrue();
    pass(ReadLease.LENGTH);
    assertThat(lease.holds()).isFalse();
  }

  @Test
  void endsWithTheTerm() {
    CompletableFuture<Void> gate = lease.gate();
    confirm();
    assertThat(gate).isCompleted();
    term = 0;
    assertThat(lease.holds()).isFalse();
    assertThat(code(lease.gate())).isEqualTo(ErrorCode.NOT_LEADER);
    term = 9;
    assertThat(lease.holds()).as("another leadership has another lease").isFalse();
    CompletableFuture<Void> next = lease.gate();
    assertThat(asked.peek().term).isEqualTo(9);
    confirm();
    assertThat(next).isCompleted();
  }

  @Test
  void isNotTakenByOneWhoLostTheTermMeanwhile() {
    CompletableFuture<Void> gate = lease.gate();
    term = 8;
    confirm();
    assertThat(code(gate)).isEqualTo(ErrorCode.NOT_LEADER);
    term = 7;
    assertThat(lease.holds()).isFalse();
  }

  @Test
  void isNotTakenWithoutAMajorityAndTriedAgain() {
    CompletableFuture<Void> gate = lease.gate();
    asked.remove().answer.completeExceptionally(new CurvineException(ErrorCode.NOT_READY, "alone"));
    assertThat(code(gate)).isEqualTo(ErrorCode.NOT_READY);
    assertThat(lease.holds()).isFalse();
    CompletableFuture<Void> again = lease.gate();
    confirm();
    assertThat(again).isCompleted();
    assertThat(lease.holds()).isTrue();
  }

  @Test
  void asksBeforeEveryReadWhereItIsOff() {
    ReadLease off = new ReadLease(() -> term, this::ask, Duration.ZERO, () -> clockNanos);
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> gate = off.gate();
      assertThat(gate).isNotDone();
      confirm();
      assertThat(gate).isCompleted();
      assertThat(off.holds()).isFalse();
    }
  }

  @Test
  void isShorterThanTheWaitOfANewLeaderByTheDriftOfTwoClocks() {
    double fast = 0.85 * ReadLease.NEW_LEADER_WAIT.toNanos();
    double slow = 1.15 * ReadLease.LENGTH.toNanos();
    assertThat(slow).isLessThan(fast);
  }

  private static ErrorCode code(CompletableFuture<Void> failed) {
    try {
      failed.get();
      throw new AssertionError("did not fail");
    } catch (ExecutionException e) {
      return ((CurvineException) e.getCause()).code();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
