/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GatheringTest {
  private static final long TOOK_NANOS = 1_000_000;

  private final Gathering gathering = new Gathering();

  @Test
  void aLoneCallerWaitsForNobody() {
    assertThat(gathering.missing(1, 0)).isZero();
    gathering.answered(1, 0, 0, TOOK_NANOS);
    assertThat(gathering.missing(1, 0)).isZero();
  }

  @Test
  void waitsForThoseWhoWereAnsweredButNotLongerThanHalfAnEntry() {
    gathering.answered(30, 10, 0, TOOK_NANOS);
    assertThat(gathering.missing(10, 0)).isEqualTo(30);
    assertThat(gathering.missing(39, 0)).isEqualTo(1);
    assertThat(gathering.missing(40, 0)).isZero();
    assertThat(gathering.leftNanos(100)).isEqualTo(TOOK_NANOS / 2 - 100);
    assertThat(gathering.missing(10, TOOK_NANOS / 2)).isZero();
    assertThat(gathering.leftNanos(TOOK_NANOS)).isZero();
  }

  @Test
  void stopsWaitingForCallersWhoDoNotComeBackAndTrustsThemAgain() {
    for (int i = 0; i < 40; i++) {
      gathering.answered(30, 0, 0, TOOK_NANOS);
      gathering.proposed(1);
    }
    gathering.answered(30, 0, 0, TOOK_NANOS);
    assertThat(gathering.missing(1, 0)).isZero();
    for (int i = 0; i < 40; i++) {
      gathering.answered(30, 0, 0, TOOK_NANOS);
      gathering.proposed(30);
    }
    gathering.answered(30, 0, 0, TOOK_NANOS);
    assertThat(gathering.missing(1, 0)).isGreaterThan(25);
  }

  @Test
  void afterAProposalNothingIsAwaited() {
    gathering.answered(30, 10, 0, TOOK_NANOS);
    gathering.proposed(40);
    assertThat(gathering.missing(1, 0)).isZero();
  }
}
