/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Spreads bytes evenly over time. Thread-safe. */
public final class Throttle implements Pace {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private long freeAtNanos;
  private boolean used;

  /**
   * @param bytesPerSecond 0: no limit
   */
  public Throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Takes the next turn for so many bytes, and waits until it comes. */
  @Override
  public void await(long bytes) throws InterruptedIOException {
    try {
      TimeUnit.NANOSECONDS.sleep(reserve(bytes, System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /**
   * Takes the next turn for so many bytes.
   *
   * @param nowNanos as {@link System#nanoTime}
   * @return how many nanoseconds from now the turn comes
   */
  public synchronized long reserve(long bytes, long nowNanos) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    if (!used || freeAtNanos - nowNanos < 0) {
      used = true;
      freeAtNanos = nowNanos;
    }
    long turn = freeAtNanos - nowNanos;
    freeAtNanos += (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
    return turn;
  }
}
