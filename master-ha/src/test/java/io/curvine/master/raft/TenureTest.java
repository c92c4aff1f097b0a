/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TenureTest {
  private static final Duration WAIT = Duration.ofMillis(150);

  private long clockNanos = -40;
  private int begun;
  private final Tenure tenure = new Tenure(WAIT, () -> clockNanos, () -> begun++);

  @Test
  void holdsEachLeadershipBackFromItsBeginning() {
    assertThat(tenure.mayAct(1)).isFalse();
    assertThat(begun).isEqualTo(1);
    clockNanos += WAIT.toNanos() - 1;
    assertThat(tenure.mayAct(1)).isFalse();
    clockNanos += 1;
    assertThat(tenure.mayAct(1)).isTrue();
    assertThat(begun).isEqualTo(1);
    assertThat(tenure.mayAct(3)).as("led again, after another").isFalse();
    assertThat(begun).isEqualTo(2);
    assertThat(tenure.mayAct(1)).as("a term that is over").isFalse();
    clockNanos += WAIT.toNanos();
    assertThat(tenure.mayAct(3)).isTrue();
  }
}
