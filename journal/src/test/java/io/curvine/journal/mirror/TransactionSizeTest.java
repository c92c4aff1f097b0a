/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransactionSizeTest {
  private static final int MAX = 16 << 20;

  private final TransactionSize size = new TransactionSize(MAX);

  @Test
  void aSlowLinkGetsWhatItCanTakeInTime() {
    // 256 KiB a second; a transaction that takes 20 s fails.
    for (int i = 0; i < 100; i++) {
      Duration took = Duration.ofMillis(size.bytes() / 256);
      if (took.toSeconds() >= 20) {
        assertThat(i).isLessThan(3);
        size.failed();
      } else {
        size.committed(took);
      }
    }
    assertThat(size.bytes()).isBetween(128 << 10, 1 << 20);
  }

  @Test
  void itIsWhatIsConfiguredAgainOnceTheOtherIsFast() {
    for (int i = 0; i < 50; i++) {
      size.failed();
    }
    assertThat(size.bytes()).isEqualTo(16 << 10);
    for (int i = 0; i < 10; i++) {
      size.committed(Duration.ofMillis(50));
    }
    assertThat(size.bytes()).isEqualTo(MAX);
  }

  @Test
  void neitherSlowNorFastIsLeftAsItIs() {
    size.failed();
    size.committed(Duration.ofSeconds(2));
    assertThat(size.bytes()).isEqualTo(MAX / 2);
  }
}
