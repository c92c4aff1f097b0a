/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The block that was not used for longest goes first. */
final class LruPolicy implements EvictionPolicy {
  private final Map<BlockKey, Block> byUse = new LinkedHashMap<>(64, 0.75f, true);

  @Override
  public void put(Block block, long bytes) {
    byUse.put(block.key(), block);
  }

  @Override
  public void touch(Block block) {
    byUse.get(block.key());
  }

  @Override
  public void remove(Block block) {
    byUse.remove(block.key(), block);
  }

  @Override
  public List<Block> inOrder() {
    return new ArrayList<>(byUse.values());
  }
}
