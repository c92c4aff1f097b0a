/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The time of events. */
final class EpochClock {
  private EpochClock() {}

  /** Nanoseconds since 1970, in the steps of the system's clock. */
  static long nanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
