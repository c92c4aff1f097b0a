/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Whether writes to a directory have waited for its disk of late. Most go to the page cache and
 * wait for nobody, until the disk cannot follow or hangs. Thread-safe.
 */
final class WritePace {
  /** No write to memory takes so long. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private final AtomicInteger running = new AtomicInteger();

  /** When the last write ended, or one began where there was none. */
  private volatile long progressAt;

  /** When the last slow write ended. */
  private volatile long slowAt;

  WritePace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.progressAt = nanoTime.getAsLong();
    this.slowAt = progressAt - REMEMBERED_NANOS;
  }

  /** A write has begun; what this gives is for {@link #end}. */
  long begin() {
    long now = nanoTime.getAsLong();
    if (running.getAndIncrement() == 0) {
      progressAt = now;
    }
    return now;
  }

  /** It has ended, well or not. */
  void end(long began) {
    long now = nanoTime.getAsLong();
    progressAt = now;
    running.decrementAndGet();
    if (now - began >= SLOW_NANOS) {
      slowAt = now;
    }
  }

  /** No write was slow of late, and none seems to hang. */
  boolean quick() {
    long now = nanoTime.getAsLong();
    boolean hangs = running.get() > 0 && now - progressAt >= SLOW_NANOS;
    return !hangs && now - slowAt >= REMEMBERED_NANOS;
  }
}
