/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Policy;
import java.util.ArrayList;
import java.util.List;

/**
 * Which workers a client is told to read the blocks of a file from, best first.
 *
 * @param client as {@link SoftState#locate} gives it
 */
record Readers(SoftState workers, Place client, Policy policy) {
  private static final int FILL_CANDIDATES = 3;

  /** Those that have a block which only workers have. */
  List<BlockLocation> holders(BlockId block) {
    return workers.holders(block, client);
  }

  /** Where nobody has it: those that can fill it. */
  List<BlockLocation> fillers(BlockId block) {
    return workers.fillCandidates(block, client, FILL_CANDIDATES);
  }

  /**
   * Of a block that the UFS has: those that have it, with further ones where it is asked for all
   * the time or a policy wants more, and none past what a policy allows.
   */
  List<BlockLocation> ofCached(BlockId block) {
    int min = CachePolicies.minReplicas(policy);
    int max = CachePolicies.maxReplicas(policy);
    List<BlockLocation> readers = workers.readers(block, client, min);
    int left = max - (int) readers.stream().filter(BlockLocation::getHolds).count();
    List<BlockLocation> allowed = new ArrayList<>(readers.size());
    for (BlockLocation reader : readers) {
      if (reader.getHolds() || left-- > 0) {
        allowed.add(reader);
      }
    }
    return allowed;
  }
}
