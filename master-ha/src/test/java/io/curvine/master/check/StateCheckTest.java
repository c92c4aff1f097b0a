/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.command.RandomHistory;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands make of a state is sound, at any time. */
class StateCheckTest {
  private static final int HISTORIES = 12;
  private static final int PARTS = 25;

  @TempDir Path temp;

  @Test
  void afterRandomHistoriesNothingIsFound() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("StateCheckTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < HISTORIES; i++) {
      try (RandomHistory history = new RandomHistory(temp.resolve("h" + i), random)) {
        for (int part = 0; part < PARTS; part++) {
          history.run(1 + random.nextInt(120));
          try (FrozenState state = history.store().freeze()) {
            StateCheck.Result found = StateCheck.of(state, new Throttle(0));
            assertThat(found.findings()).as("seed " + seed + " history " + i).isEmpty();
            assertThat(found.offset()).isEqualTo(history.offset());
          }
        }
      }
    }
  }
}
