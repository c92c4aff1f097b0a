/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Holds a new leader back until no read lease of a former one can be valid any more: until then it
 * decides nothing and answers no reads, so what a former leader reads under its lease is not behind
 * anything acknowledged. See {@link io.curvine.master.read.ReadLease} for the proof. Thread-safe.
 */
final class Tenure {
  private record Begun(long term, long atNanos) {}

  private final Duration wait;
  private final LongSupplier clockNanos;
  private final Runnable onBegin;
  private volatile Begun begun = new Begun(0, 0);

  /**
   * A tenure not yet begun.
   *
   * @param wait how long a leadership is held back; longer than any read lease, by more than clocks
   *     differ in speed
   * @param onBegin called when the wait of a leadership begins, so that its end can be awaited;
   *     brief
   */
  Tenure(Duration wait, LongSupplier clockNanos, Runnable onBegin) {
    this.wait = wait;
    this.clockNanos = clockNanos;
    this.onBegin = onBegin;
  }

  /**
   * Whether the leader of a term may act. The wait is counted from the first call with the term,
   * which is never before the election was won.
   *
   * @param term that this master leads just now
   */
  boolean mayAct(long term) {
    Begun known = begun;
    if (known.term < term) {
      known = begin(term);
    }
    return known.term == term && clockNanos.getAsLong() - known.atNanos >= wait.toNanos();
  }

  private Begun begin(long term) {
    synchronized (this) {
      if (begun.term >= term) {
        return begun;
      }
      begun = new Begun(term, clockNanos.getAsLong());
    }
    onBegin.run();
    return begun;
  }
}
