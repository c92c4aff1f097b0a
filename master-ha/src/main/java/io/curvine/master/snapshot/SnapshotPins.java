/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which snapshots somebody fetches now: those are not removed under the reader, and the log after
 * them is not purged, or the reader would have to begin anew for ever. A pin ends by itself when
 * the reader has been silent for a while. Thread-safe.
 */
final class SnapshotPins {
  /** Longer than a follower needs to restart. */
  static final long PIN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final LongSupplier clockNanos;
  private final Map<String, Long> untilNanos = new HashMap<>();

  /**
   * @param clockNanos as {@link System#nanoTime}
   */
  SnapshotPins(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
  }

  /** Somebody asks for this one now. */
  synchronized void pin(String name) {
    untilNanos.put(name, clockNanos.getAsLong() + PIN_NANOS);
  }

  /** Those that somebody fetches. */
  synchronized Set<String> pinned() {
    long now = clockNanos.getAsLong();
    untilNanos.values().removeIf(until -> until - now < 0);
    return Set.copyOf(untilNanos.keySet());
  }
}
