/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

/**
 * How long the next entry waits for more commands. Callers that were just answered tend to come
 * back at once; waiting for them a moment makes one entry of what else were two, and its fsync is
 * shared by all. A lone caller waits for nobody, and where callers do not come back the wait
 * shrinks to nothing. Owned by the decide thread.
 */
final class Gathering {
  /** Of the time that the last entry took: more would cost callers more than they gain. */
  private static final double PATIENCE_PART = 0.5;

  private static final long PATIENCE_MAX_NANOS = 2_000_000;

  /** Weight of the newest observation. */
  private static final double WEIGHT = 0.2;

  private double returning = 1;
  private int answered;
  private int waitingThen;
  private int wanted;
  private long untilNanos;

  /** Begins anew: nobody was answered. */
  void reset() {
    answered = 0;
    waitingThen = 0;
    wanted = 0;
    untilNanos = 0;
  }

  /**
   * An entry ended and its callers were answered.
   *
   * @param callers how many
   * @param waiting commands that the next entry has already
   * @param tookNanos from its proposal until it was applied
   */
  void answered(int callers, int waiting, long nowNanos, long tookNanos) {
    answered = callers;
    waitingThen = waiting;
    wanted = waiting + (int) (returning * callers);
    untilNanos = nowNanos + Math.min(PATIENCE_MAX_NANOS, (long) (PATIENCE_PART * tookNanos));
  }

  /** How many more commands the next entry waits for; 0: it is proposed now. */
  int missing(int gathered, long nowNanos) {
    return nowNanos - untilNanos >= 0 ? 0 : Math.max(0, wanted - gathered);
  }

  /** For how long it waits at most. */
  long leftNanos(long nowNanos) {
    return Math.max(0, untilNanos - nowNanos);
  }

  /** The next entry is proposed, with so many commands. */
  void proposed(int gathered) {
    if (answered > 0) {
      double came = Math.min(1, (gathered - waitingThen) / (double) answered);
      returning += WEIGHT * (came - returning);
    }
    reset();
  }
}
