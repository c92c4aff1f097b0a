/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.Limits;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SessionTest {
  private static final int WINDOW = Limits.SESSION_WINDOW_MAX_COMMANDS;

  private final Session session = new Session(7);

  private void beginAll() {
    for (int i = 1; i <= WINDOW; i++) {
      assertThat(session.begin(1)).isEqualTo(i);
    }
  }

  @Test
  void whatIsAcknowledgedFollowsTheLowestThatIsOutstanding() {
    long first = session.begin(1);
    long second = session.begin(1);
    long third = session.begin(1);
    session.done(second, 1);
    assertThat(session.ackedBelow()).isEqualTo(first);
    session.done(first, 1);
    assertThat(session.ackedBelow()).isEqualTo(third);
    session.done(third, 1);
    assertThat(session.ackedBelow()).isEqualTo(4);
  }

  @Test
  void aFullWindowGivesNoNumberUntilItsLowestIsDone() {
    beginAll();
    assertThat(session.begin(1)).isEqualTo(Session.FULL);
    session.done(2, 1);
    assertThat(session.begin(1)).isEqualTo(Session.FULL);
    session.done(1, 1);
    assertThat(session.begin(1)).isEqualTo(WINDOW + 1);
    assertThat(session.begin(1)).isEqualTo(WINDOW + 2);
    assertThat(session.begin(1)).isEqualTo(Session.FULL);
  }

  @Test
  void whoWaitsGetsNumbersInTheOrderOfComing() {
    assertThat(session.beginLater(1)).isCompletedWithValue(1L);
    session.done(1, 1);
    for (int i = 2; i <= WINDOW + 1; i++) {
      assertThat(session.begin(1)).isEqualTo(i);
    }
    CompletableFuture<Long> three = session.beginLater(3);
    CompletableFuture<Long> one = session.beginLater(1);
    session.done(6, 1);
    session.done(2, 2);
    assertThat(three).isNotDone();
    assertThat(one).as("smaller, and later").isNotDone();
    assertThat(session.begin(1)).as("never waited").isEqualTo(Session.FULL);
    session.done(4, 1);
    assertThat(three).isCompletedWithValue(WINDOW + 2L);
    assertThat(one).isNotDone();
    session.done(5, 1);
    assertThat(one).isCompletedWithValue(WINDOW + 5L);
    assertThat(session.begin(1)).as("6 was done before").isEqualTo(WINDOW + 6L);
  }

  @Test
  void thousandsWhoAreDoneAsSoonAsTheyAreWokenDoNotNest() {
    for (int i = 1; i <= WINDOW; i++) {
      session.begin(1);
    }
    int waiting = 100_000;
    CompletableFuture<?>[] all = new CompletableFuture<?>[waiting];
    for (int i = 0; i < waiting; i++) {
      all[i] = session.beginLater(1).thenAccept(seq -> session.done(seq, 1));
    }
    for (int i = 1; i <= WINDOW; i++) {
      session.done(i, 1);
    }
    assertThat(CompletableFuture.allOf(all)).isCompleted();
    assertThat(session.ackedBelow()).isEqualTo(WINDOW + waiting + 1L);
  }

  @Test
  void manyNumbersAreInARowAndEndTogether() {
    assertThat(session.begin(1)).isEqualTo(1);
    assertThat(session.begin(1_000)).isEqualTo(2);
    assertThat(session.begin(WINDOW - 1_000)).isEqualTo(Session.FULL);
    assertThat(session.begin(WINDOW - 1_001)).isEqualTo(1_002);
    session.done(2, 1_000);
    assertThat(session.ackedBelow()).isEqualTo(1);
    session.done(1, 1);
    assertThat(session.ackedBelow()).isEqualTo(1_002);
  }

  @Test
  void isAsASortedSetWouldBe() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TreeSet<Long> outstanding = new TreeSet<>();
    long next = 1;
    for (int i = 0; i < 200_000; i++) {
      long below = outstanding.isEmpty() ? next : outstanding.first();
      assertThat(session.ackedBelow()).as("seed %d, step %d", seed, i).isEqualTo(below);
      if (outstanding.isEmpty() || random.nextInt(100) < 52) {
        long expected = next - below < WINDOW ? next : Session.FULL;
        long seq = session.begin(1);
        assertThat(seq).as("seed %d, step %d", seed, i).isEqualTo(expected);
        if (seq != Session.FULL) {
          outstanding.add(next++);
          continue;
        }
      }
      long span = outstanding.last() - outstanding.first() + 1;
      long done = outstanding.ceiling(outstanding.first() + (long) (random.nextDouble() * span));
      outstanding.remove(done);
      session.done(done, 1);
    }
  }
}
