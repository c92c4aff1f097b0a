/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits that grow up to a limit, each between half of itself and all. For one call. */
final class Backoff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private long nextNanos = FIRST_NANOS;

  long nextNanos() {
    long wait = ThreadLocalRandom.current().nextLong(nextNanos / 2, nextNanos);
    nextNanos = Math.min(LIMIT_NANOS, nextNanos * 2);
    return wait;
  }
}
