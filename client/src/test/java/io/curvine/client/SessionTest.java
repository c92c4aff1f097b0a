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
      assertThat(session.begin()).isEqualTo(i);
    }
  }

  @Test
  void whatIsAcknowledgedFollowsTheLowestThatIsOutstanding() {
    long first = session.begin();
    long second = session.begin();
    long third = session.begin();
    session.done(second);
    assertThat(session.ackedBelow()).isEqualTo(first);
    session.done(first);
    assertThat(session.ackedBelow()).isEqualTo(third);
    session.done(third);
    assertThat(session.ackedBelow()).isEqualTo(4);
  }

  @Test
  void aFullWindowGivesNoNumberUntilItsLowestIsDone() {
    beginAll();
    assertThat(session.begin()).isEqualTo(Session.FULL);
    session.done(2);
    assertThat(session.begin()).isEqualTo(Session.FULL);
    session.done(1);
    assertThat(session.begin()).isEqualTo(WINDOW + 1);
    assertThat(session.begin()).isEqualTo(WINDOW + 2);
    assertThat(session.begin()).isEqualTo(Session.FULL);
  }

  @Test
  void whoWaitsForRoomIsWokenOncePerFreeNumber() {
    assertThat(session.room()).isDone();
    beginAll();
    CompletableFuture<Void> first = session.room();
    CompletableFuture<Void> second = session.room();
    session.done(5);
    assertThat(first).isNotDone();
    session.done(1);
    assertThat(first).isDone();
    assertThat(second).isNotDone();
    session.done(2);
    assertThat(second).isDone();
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
        long seq = session.begin();
        assertThat(seq).as("seed %d, step %d", seed, i).isEqualTo(expected);
        if (seq != Session.FULL) {
          outstanding.add(next++);
          continue;
        }
      }
      long span = outstanding.last() - outstanding.first() + 1;
      long done = outstanding.ceiling(outstanding.first() + (long) (random.nextDouble() * span));
      outstanding.remove(done);
      session.done(done);
    }
  }
}
