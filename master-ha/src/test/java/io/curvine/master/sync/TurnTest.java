/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One has it alone, or many share it, in the order in which they came. */
@Timeout(60)
class TurnTest {
  private final Turn turn = new Turn();

  @Test
  void manyShareIt() {
    assertThat(turn.share()).isCompleted();
    assertThat(turn.share()).isCompleted();
    turn.endShare();
    turn.endShare();
    turn.lock();
    turn.unlock();
  }

  @Test
  void nobodySharesWhatOneHasAlone() {
    turn.lock();
    CompletableFuture<Void> one = turn.share();
    CompletableFuture<Void> other = turn.share();
    assertThat(one).isNotDone();
    turn.unlock();
    assertThat(one).isCompleted();
    assertThat(other).isCompleted();
  }

  @Test
  void whoWaitsToHaveItAloneIsNotPassed() throws Exception {
    assertThat(turn.share()).isCompleted();
    CompletableFuture<Void> alone = CompletableFuture.runAsync(turn::lock);
    CompletableFuture<Void> later = turn.share();
    while (later.isDone()) { // it came before the other thread did
      turn.endShare();
      Thread.onSpinWait();
      later = turn.share();
    }
    assertThat(alone).isNotDone();
    turn.endShare();
    alone.get(30, TimeUnit.SECONDS);
    assertThat(later).isNotDone();
    turn.unlock();
    assertThat(later).isCompleted();
  }
}
