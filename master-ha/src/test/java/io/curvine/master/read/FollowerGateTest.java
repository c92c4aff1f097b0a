/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The gate against a leader, a state and a clock that do what the test says. */
class FollowerGateTest {
  private final Deque<CompletableFuture<Long>> asked = new ArrayDeque<>();
  private final AppliedOffset applied = new AppliedOffset();
  private long clockNanos;
  private int hurried;
  private final FollowerGate gate =
      new FollowerGate(this::ask, applied, this::hurry, () -> clockNanos);

  private CompletableFuture<Void> hurry() {
    hurried++;
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Long> ask() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    asked.add(answer);
    return answer;
  }

  @Test
  void passesWhenTheStateIsAsFarAsTheLeaderWas() {
    applied.advanced(5);
    CompletableFuture<FollowerGate.Point> pass = gate.pass();
    assertThat(pass).isNotDone();
    asked.remove().complete(7L);
    assertThat(pass).as("behind the leader").isNotDone();
    assertThat(hurried).isEqualTo(1);
    applied.advanced(7);
    assertThat(pass).isCompleted();
    assertThat(pass.join().offset()).isEqualTo(7);
  }

  @Test
  void doesNotHurryALeaderThatItIsLevelWith() {
    applied.advanced(7);
    CompletableFuture<FollowerGate.Point> pass = gate.pass();
    asked.remove().complete(7L);
    assertThat(pass).isCompleted();
    assertThat(hurried).isZero();
  }

  @Test
  void isNotPassedByAnAnswerToAnEarlierQuestion() {
    CompletableFuture<FollowerGate.Point> first = gate.pass();
    CompletableFuture<FollowerGate.Point> second = gate.pass();
    assertThat(asked).hasSize(1);
    asked.remove().complete(0L);
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    asked.remove().complete(0L);
    assertThat(second).isCompleted();
  }

  @Test
  void confirmsAnAnswerWhenTheLeaderIsAsFar() {
    applied.advanced(9);
    CompletableFuture<FollowerGate.Point> pass = gate.pass();
    asked.remove().complete(8L);
    assertThat(gate.confirm(pass.join(), 8)).isCompleted();
    assertThat(asked).isEmpty();

    CompletableFuture<Void> ahead = gate.confirm(pass.join(), 9);
    asked.remove().complete(8L);
    assertThat(ahead).as("the leader has not applied what the answer shows").isNotDone();
    asked.remove().complete(9L);
    assertThat(ahead).isCompleted();
  }

  @Test
  void doesNotConfirmForEver() {
    CompletableFuture<Void> ahead = gate.confirm(new FollowerGate.Point(1, 0), 2);
    clockNanos += Duration.ofSeconds(3).toNanos();
    asked.remove().complete(1L);
    assertThatThrownBy(ahead::join).hasMessageContaining("behind the answer's 2");
  }

  @Test
  void countsStalenessFromTheQuestion() {
    Duration bound = Duration.ofMillis(100);
    assertThat(gate.passedWithin(bound)).isFalse();
    CompletableFuture<FollowerGate.Point> pass = gate.pass();
    clockNanos += bound.toNanos();
    asked.remove().complete(0L);
    assertThat(pass).isCompleted();
    assertThat(gate.passedWithin(bound)).isTrue();
    clockNanos += 1;
    assertThat(gate.passedWithin(bound)).isFalse();
    assertThat(gate.passedWithin(bound.multipliedBy(2))).isTrue();
  }

  @Test
  void isNotFreshByAPassThatFailed() {
    CompletableFuture<FollowerGate.Point> pass = gate.pass();
    asked.remove().completeExceptionally(new CurvineException(ErrorCode.NOT_READY, "no leader"));
    assertThatThrownBy(pass::join).hasMessageContaining("no leader");
    assertThat(gate.passedWithin(Duration.ofHours(1))).isFalse();
  }
}
