/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.curvine.cli.bench.ufs.EventsRun.Outcome;
import io.curvine.cli.bench.ufs.EventsRun.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsRunTest {
  private static Outcome outcome(long... lags) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < lags.length; i++) {
      windows.add(new Window(5.0 * (i + 1), 0, 0, 1_000_000, 1_000_000 - lags[i], -1, 0));
    }
    return new Outcome(windows, 0, 0, new NumberedBucket.Calls(0, 0, 0));
  }

  @Test
  void aLagThatStaysDoesNotGrow() {
    assertThat(outcome(10, 11, 10, 11, 10, 11).growthPerSecond()).isCloseTo(0, within(1.0));
  }

  @Test
  void aLagThatGrowsIsSeen() {
    assertThat(outcome(0, 100, 200, 300, 400, 500).growthPerSecond()).isCloseTo(20, within(1e-6));
  }

  @Test
  void oneWindowSaysNothing() {
    assertThat(outcome(5).growthPerSecond()).isZero();
  }
}
