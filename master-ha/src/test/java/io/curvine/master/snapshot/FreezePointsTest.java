/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.store.FrozenState;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FreezePointsTest {
  private static final int WAITING_MAX = 8;

  private static FrozenState never() {
    throw new AssertionError("nothing is due");
  }

  private static List<CompletableFuture<FrozenState>> fill(FreezePoints points) {
    List<CompletableFuture<FrozenState>> waiting = new ArrayList<>();
    for (int i = 0; i < WAITING_MAX; i++) {
      waiting.add(points.at(100, () -> 5, FreezePointsTest::never));
    }
    return waiting;
  }

  private static void assertFailsWith(ErrorCode code, CompletableFuture<FrozenState> frozen) {
    assertThatThrownBy(frozen::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(CurvineException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void whatNeverComesIsGivenUpAndLeavesRoom() {
    FreezePoints points = new FreezePoints(Duration.ofMillis(1));
    // Twice as many as there is room for, without one call more that could clear it up.
    for (int round = 0; round < 2; round++) {
      fill(points).forEach(each -> assertFailsWith(ErrorCode.NOT_READY, each));
    }
  }

  @Test
  void noMoreThanSoManyWait() {
    FreezePoints points = new FreezePoints(Duration.ofHours(1));
    List<CompletableFuture<FrozenState>> waiting = fill(points);
    assertFailsWith(ErrorCode.BUSY, points.at(100, () -> 5, FreezePointsTest::never));
    // Entries up to past it were applied between: it is none of theirs.
    points.applied(100, 101, null);
    waiting.forEach(each -> assertFailsWith(ErrorCode.OFFSET_OUT_OF_RANGE, each));
    assertThat(points.at(200, () -> 5, FreezePointsTest::never)).isNotDone();
  }

  @Test
  void aStateThatCannotBeFrozenLeavesRoom() {
    FreezePoints points = new FreezePoints(Duration.ofHours(1));
    for (int i = 0; i <= WAITING_MAX; i++) {
      CompletableFuture<FrozenState> frozen =
          points.at(
              5,
              () -> 5,
              () -> {
                throw new IllegalStateException("closed");
              });
      assertThatThrownBy(frozen::join).hasRootCauseMessage("closed");
    }
  }
}
