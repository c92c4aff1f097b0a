/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * So many tokens a second, given in the order in which they are asked for. Thread-safe. What was
 * not used in the last tenth of a second is lost, and who asks for more than there is gets it when
 * the debt of those before is paid: what is large waits no longer than what is small.
 */
final class TokenBucket {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long KEPT_NANOS = NANOS_PER_SECOND / 10;

  private final double nanosPerToken;
  private final LongSupplier nanoTime;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** When all that was given is paid for; guarded by this. */
  private long paidAtNanos;

  /**
   * A full bucket.
   *
   * @param perSecond from 1
   * @param nanoTime the clock
   */
  TokenBucket(long perSecond, LongSupplier nanoTime) {
    if (perSecond < 1) {
      throw new IllegalArgumentException("rate is " + perSecond + "; allowed: from 1");
    }
    this.nanosPerToken = (double) NANOS_PER_SECOND / perSecond;
    this.nanoTime = nanoTime;
    this.paidAtNanos = nanoTime.getAsLong() - KEPT_NANOS;
  }

  /** Takes tokens; how long the taker is to wait for them, in ns. */
  synchronized long reserve(long tokens) {
    long now = nanoTime.getAsLong();
    long from = Math.max(paidAtNanos - now, -KEPT_NANOS);
    paidAtNanos = now + from + (long) (tokens * nanosPerToken);
    return Math.max(0, from);
  }

  /**
   * Takes tokens and waits for them.
   *
   * @throws IOException where the bucket is closed meanwhile, or the thread is interrupted
   */
  void take(long tokens) throws IOException {
    long waitNanos = reserve(tokens);
    if (waitNanos == 0) {
      return;
    }
    try {
      if (closed.await(waitNanos, TimeUnit.NANOSECONDS)) {
        throw new IOException("the UFS was closed while a call waited for its turn");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while a call to the UFS waited for its turn");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** Ends all waits. */
  void close() {
    closed.countDown();
  }
}
