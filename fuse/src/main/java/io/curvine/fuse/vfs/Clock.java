/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.time.Instant;

/** The time of day as inodes hold it. Stateless. */
public final class Clock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Clock() {}

  /** Nanoseconds since the epoch. */
  public static long nowNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
  }

  /** The same, or that time where it is later: clocks are set back, and masters have others. */
  static long nowOrLater(long nanos) {
    return Math.max(nanos, nowNanos());
  }
}
