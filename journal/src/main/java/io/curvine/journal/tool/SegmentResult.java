/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.ChainHash;
import java.util.List;
import java.util.Optional;

/**
 * What was found in one segment. Immutable.
 *
 * @param baseOffset that its name gives
 * @param nextOffset after its last event; -1 where its end cannot be read
 * @param chainStart the chain's hash at its beginning; empty where it is not known
 * @param chainEnd at its end; empty where it is not known
 * @param displaced it is another segment than its name says
 * @param notes what is odd and not wrong
 */
record SegmentResult(
    long baseOffset,
    long nextOffset,
    Optional<ChainHash> chainStart,
    Optional<ChainHash> chainEnd,
    boolean displaced,
    Totals totals,
    List<Finding> findings,
    List<String> notes) {
  /**
   * What was counted.
   *
   * @param bytes that could be read
   * @param firstNanos time of the first event, since the epoch
   * @param lastNanos time of the newest event
   * @param clusterId that the newest event names which forms one; empty: none
   * @param dropped the segment was gone before it could be read
   */
  record Totals(
      long events, long bytes, long firstNanos, long lastNanos, String clusterId, boolean dropped) {
    static final Totals DROPPED = new Totals(0, 0, 0, 0, "", true);
  }
}
