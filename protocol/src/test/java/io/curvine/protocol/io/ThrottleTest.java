/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long NOW = Long.MAX_VALUE - SECOND;

  @Test
  void spreadsBytesOverTime() {
    Throttle throttle = new Throttle(1000);
    assertThat(throttle.reserve(500, NOW)).isZero();
    assertThat(throttle.reserve(1000, NOW)).isEqualTo(SECOND / 2);
    assertThat(throttle.reserve(1, NOW)).isEqualTo(3 * SECOND / 2);
    assertThat(throttle.reserve(1000, NOW + 5 * SECOND)).as("idle time is not saved up").isZero();
    assertThat(throttle.reserve(1000, NOW + 5 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void zeroIsNoLimit() {
    Throttle throttle = new Throttle(0);
    assertThat(throttle.reserve(Long.MAX_VALUE, NOW)).isZero();
    assertThat(throttle.reserve(1, NOW)).isZero();
  }
}
