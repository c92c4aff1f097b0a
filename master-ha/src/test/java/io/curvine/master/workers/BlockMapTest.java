/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BlockMapTest {
  private record Block(long inode, long version, int index) {}

  @Test
  void agreesWithAPlainMapUnderRandomChanges() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    BlockMap map = new BlockMap();
    Map<Block, NavigableSet<Integer>> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      Block block = new Block(random.nextInt(40), random.nextInt(3), random.nextInt(4));
      int worker = 1 + random.nextInt(5);
      switch (random.nextInt(100)) {
        case 0 -> retain(map, model, worker, random);
        case 1 -> {
          map.retain(worker, null);
          model.values().forEach(holders -> holders.remove(worker));
        }
        default -> {
          if (random.nextInt(3) > 0) {
            map.add(block.inode, block.version, block.index, worker);
            model.computeIfAbsent(block, b -> new TreeSet<>()).add(worker);
          } else {
            map.remove(block.inode, block.version, block.index, worker);
            model.getOrDefault(block, new TreeSet<>()).remove(worker);
          }
        }
      }
      model.values().removeIf(NavigableSet::isEmpty);
      assertThat(map.size()).as("seed %d step %d", seed, step).isEqualTo(model.size());
      assertThat(holders(map, block))
          .as("seed %d step %d %s", seed, step, block)
          .isEqualTo(List.copyOf(model.getOrDefault(block, new TreeSet<>())));
    }
    model.forEach(
        (block, holders) ->
            assertThat(holders(map, block))
                .as("seed %d %s", seed, block)
                .isEqualTo(List.copyOf(holders)));
  }

  private static void retain(
      BlockMap map, Map<Block, NavigableSet<Integer>> model, int worker, Random random) {
    BlockMap kept = new BlockMap();
    for (var entry : model.entrySet()) {
      Block block = entry.getKey();
      if (random.nextBoolean()) {
        kept.add(block.inode, block.version, block.index, worker);
      } else {
        entry.getValue().remove(worker);
      }
    }
    map.retain(worker, kept);
  }

  private static List<Integer> holders(BlockMap map, Block block) {
    return Arrays.stream(map.holders(block.inode, block.version, block.index)).boxed().toList();
  }
}
