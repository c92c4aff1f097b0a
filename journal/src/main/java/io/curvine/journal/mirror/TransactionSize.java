/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import java.time.Duration;

/**
 * How much one transaction copies: less where the other cluster is slow, so that none takes as long
 * as its clients wait, and as much as is configured where it is not. Of one thread.
 */
final class TransactionSize {
  private static final long MIN_BYTES = 16 << 10;
  private static final Duration SLOW = Duration.ofSeconds(4);
  private static final Duration FAST = Duration.ofSeconds(1);

  private final long maxBytes;
  private long bytes;

  /** As much as is configured, until it is known to be too much. */
  TransactionSize(long maxBytes) {
    this.maxBytes = maxBytes;
    this.bytes = maxBytes;
  }

  /** At most so much, or one batch of the journal where that is more; 16 KiB to the maximum. */
  int bytes() {
    return Math.toIntExact(bytes);
  }

  /** One has ended, which took so long from its begin. */
  void committed(Duration took) {
    if (took.compareTo(SLOW) > 0) {
      halve();
    } else if (took.compareTo(FAST) < 0) {
      bytes = Math.min(maxBytes, 2 * bytes);
    }
  }

  /** One has not ended, for whatever reason. */
  void failed() {
    halve();
  }

  private void halve() {
    bytes = Math.max(MIN_BYTES, bytes / 2);
  }
}
