/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import io.curvine.protocol.proto.BlockId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Blocks that do not stand as they should, those longest seen so first; bounded. One that was not
 * seen in a whole round is forgotten. Not thread-safe.
 */
final class Doubts {
  private final int max;
  private final Map<BlockId, Doubt> byBlock = new LinkedHashMap<>();
  private long round;

  Doubts(int max) {
    this.max = max;
  }

  /** Since when, and who could not make a copy. */
  static final class Doubt {
    private final long sinceNanos;
    private final Set<Integer> failedWorkers = new HashSet<>(2);
    private long notBeforeNanos;
    private long round;

    Doubt(long nowNanos) {
      this.sinceNanos = nowNanos;
      this.notBeforeNanos = nowNanos;
    }

    long sinceNanos() {
      return sinceNanos;
    }

    long notBeforeNanos() {
      return notBeforeNanos;
    }

    Set<Integer> failedWorkers() {
      return failedWorkers;
    }

    void notBefore(long nanos) {
      notBeforeNanos = nanos;
    }
  }

  /** The block was seen so; null where there are too many: its turn comes in a later round. */
  Doubt see(BlockId block, long nowNanos) {
    Doubt doubt = byBlock.get(block);
    if (doubt == null) {
      if (byBlock.size() >= max) {
        return null;
      }
      doubt = new Doubt(nowNanos);
      byBlock.put(block, doubt);
    }
    doubt.round = round;
    return doubt;
  }

  /** All blocks were looked at. */
  void endRound() {
    byBlock.values().removeIf(doubt -> doubt.round != round);
    round++;
  }

  Doubt find(BlockId block) {
    return byBlock.get(block);
  }

  Iterable<Map.Entry<BlockId, Doubt>> entries() {
    return byBlock.entrySet();
  }

  boolean isEmpty() {
    return byBlock.isEmpty();
  }

  void clear() {
    byBlock.clear();
  }
}
