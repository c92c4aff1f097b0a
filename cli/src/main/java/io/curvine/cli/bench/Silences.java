/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

/** Finds the longest time in which nothing was acknowledged. Thread-safe. */
final class Silences {
  private long last;
  private long longestNanos;
  private long longestEnd;
  private long count;

  /**
   * The longest one.
   *
   * @param nanos how long it was
   * @param end when the acknowledgement came that ended it, as {@link System#nanoTime}
   */
  record Silence(long nanos, long end) {}

  /** Looks at the time from now on only. */
  synchronized void begin(long now) {
    last = now;
    longestNanos = 0;
    longestEnd = now;
  }

  synchronized void acknowledged(long now) {
    count++;
    if (now - last > longestNanos) {
      longestNanos = now - last;
      longestEnd = now;
    }
    last = now;
  }

  synchronized Silence longest() {
    return new Silence(longestNanos, longestEnd);
  }

  /** Of all acknowledgements. */
  synchronized long count() {
    return count;
  }
}
