/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import java.time.Duration;

/**
 * How large the files of a journal grow and how long they are kept. Immutable.
 *
 * @param segmentBytes a segment file is closed once it holds this much; 1 KiB to 1 GiB
 * @param retentionBytes closed segments are dropped, oldest first, while the log is larger
 * @param retentionAge closed segments whose newest event is older are dropped
 */
public record JournalConfig(long segmentBytes, long retentionBytes, Duration retentionAge) {
  static final long SEGMENT_MIN_BYTES = 1 << 10;
  static final long SEGMENT_MAX_BYTES = 1 << 30;

  public JournalConfig {
    if (segmentBytes < SEGMENT_MIN_BYTES || segmentBytes > SEGMENT_MAX_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes is "
              + segmentBytes
              + "; allowed: "
              + SEGMENT_MIN_BYTES
              + " to "
              + SEGMENT_MAX_BYTES);
    }
    if (retentionBytes < 0) {
      throw new IllegalArgumentException(
          "retentionBytes is " + retentionBytes + "; allowed: 0 or more");
    }
    if (retentionAge.isNegative()) {
      throw new IllegalArgumentException(
          "retentionAge is " + retentionAge + "; allowed: 0 or more");
    }
  }

  /** Segments of 64 MiB, 8 GiB of them, a week. */
  public static JournalConfig defaults() {
    return new JournalConfig(64L << 20, 8L << 30, Duration.ofDays(7));
  }
}
