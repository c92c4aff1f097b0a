/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The block that was used least often goes first, of equals the one that was not used for longest.
 * After ten uses for each block all counts are halved.
 */
final class LfuPolicy implements EvictionPolicy {
  private static final int USES_PER_BLOCK = 10;
  private static final int USES_MIN = 1000;

  private static final Comparator<Uses> LEAST_FIRST =
      Comparator.<Uses>comparingInt(uses -> uses.count).thenComparingLong(uses -> uses.last);

  private final Map<BlockKey, Uses> all = new HashMap<>();
  private long clock;
  private int sinceHalving;

  private static final class Uses {
    private final Block block;
    private int count = 1;
    private long last;

    Uses(Block block) {
      this.block = block;
    }
  }

  @Override
  public void put(Block block, long bytes) {
    Uses uses = all.get(block.key());
    if (uses == null || uses.block != block) {
      Uses first = new Uses(block);
      first.last = ++clock;
      all.put(block.key(), first);
    }
  }

  @Override
  public void touch(Block block) {
    Uses uses = all.get(block.key());
    if (uses == null) {
      return;
    }
    uses.count++;
    uses.last = ++clock;
    sinceHalving++;
    if (sinceHalving > Math.max(USES_MIN, USES_PER_BLOCK * all.size())) {
      sinceHalving = 0;
      all.values().forEach(each -> each.count /= 2);
    }
  }

  @Override
  public void remove(Block block) {
    all.computeIfPresent(block.key(), (key, uses) -> uses.block == block ? null : uses);
  }

  @Override
  public List<Block> inOrder() {
    return all.values().stream().sorted(LEAST_FIRST).map(uses -> uses.block).toList();
  }
}
