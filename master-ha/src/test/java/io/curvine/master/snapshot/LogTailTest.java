/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogTailTest {
  @Test
  void nothingIsPurgedWithoutASnapshot() {
    LogTail tail = new LogTail(10, 1_000);
    assertThat(tail.purgeable(-1)).isEqualTo(-2);
    tail.applied(0, 5_000);
    assertThat(tail.purgeable(-1)).isEqualTo(-2);
  }

  @Test
  void afterAStartTheLogIsKeptFromWhatIsAppliedFirst() {
    LogTail tail = new LogTail(1_000, 1_000);
    assertThat(tail.purgeable(77)).as("nothing was applied yet").isEqualTo(76);
    tail.applied(100, 10);
    assertThat(tail.purgeable(500)).isEqualTo(99);
  }

  @Test
  void theLastEntriesStayUnlessTheyAreTooManyOrTooLarge() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    LogTail tail = new LogTail(300, 16_000);
    long[] sizes = new long[20_000];
    for (int index = 0; index < sizes.length; index++) {
      sizes[index] = index < 10_000 ? 1 + random.nextInt(10) : 200 + random.nextInt(400);
      tail.applied(index, sizes[index]);
      long purgeable = tail.purgeable(Long.MAX_VALUE);
      long entries = index - purgeable;
      long bytes = 0;
      for (long kept = purgeable + 1; kept <= index; kept++) {
        bytes += sizes[(int) kept];
      }
      assertThat(entries).as("seed %d at %d", seed, index).isLessThanOrEqualTo(300);
      assertThat(bytes).as("seed %d at %d", seed, index).isLessThanOrEqualTo(16_000 + 2_000);
      if (index > 5_000) {
        assertThat(entries == 300 || bytes >= 16_000)
            .as("seed %d at %d: %d entries, %d bytes", seed, index, entries, bytes)
            .isTrue();
      }
      assertThat(tail.purgeable(index / 2)).isLessThan(index / 2);
    }
  }
}
