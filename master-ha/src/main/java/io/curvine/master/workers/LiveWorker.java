/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.TierUsage;
import java.util.Set;

/**
 * A worker as its last heartbeat described it. Immutable.
 *
 * @param hotBlocks that many read from it just now
 * @param lastBeatNanos of the registry's clock
 */
record LiveWorker(Heartbeat beat, Set<BlockId> hotBlocks, long lastBeatNanos) {
  LiveWorker(Heartbeat beat, long lastBeatNanos) {
    this(beat, Set.copyOf(beat.getHotBlocksList()), lastBeatNanos);
  }

  int id() {
    return beat.getWorkerId();
  }

  String host() {
    return beat.getAddress().getHost();
  }

  /** Empty: not known. */
  String rack() {
    return beat.getAddress().getRack();
  }

  long capacityBytes() {
    return beat.getTiersList().stream().mapToLong(TierUsage::getCapacityBytes).sum();
  }

  long usedBytes() {
    return beat.getTiersList().stream().mapToLong(TierUsage::getUsedBytes).sum();
  }

  /** Of blocks that the UFS does not have, and that it is or will be counted on for. */
  long neededBytes() {
    return beat.getTiersList().stream()
        .mapToLong(tier -> tier.getPinnedBytes() - tier.getStaleBytes())
        .sum();
  }

  /** What new data can take: all but what only this worker has, and what policies pin. */
  long writableBytes() {
    long pinned =
        beat.getTiersList().stream()
            .mapToLong(tier -> tier.getPinnedBytes() + tier.getKeptBytes())
            .sum();
    return Math.max(0, capacityBytes() - pinned);
  }
}
