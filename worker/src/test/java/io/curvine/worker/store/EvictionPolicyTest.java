/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.TierKind;
import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EvictionPolicyTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;
  private BlockStore store;
  private FrequencySketch heat;
  private EvictionPolicy policy;
  private final Map<Integer, Block> blocks = new HashMap<>();

  @BeforeEach
  void open() throws IOException {
    store = StoreFixture.open(directory, 64 * MIB);
    heat = new FrequencySketch();
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private Block block(int number) {
    return blocks.computeIfAbsent(
        number,
        inode ->
            new Block(
                store,
                new TierDir(
                    new DirSpec(TierKind.SSD, directory, 64 * MIB),
                    new StoreSettings(
                        List.of(), 95, 85, 80, Eviction.LRU, 0, 0, 0, System::nanoTime),
                    heat,
                    dir -> {}),
                inode,
                new Row(
                    new BlockKey(inode, 1, 0),
                    BlockState.CACHED,
                    MIB,
                    MIB,
                    true,
                    false,
                    false,
                    1)));
  }

  private void put(int number) {
    heat.add(block(number).key());
    policy.put(block(number), MIB);
  }

  private void use(int number) {
    heat.add(block(number).key());
    policy.touch(block(number));
  }

  private List<Long> order() {
    return policy.inOrder().stream().map(block -> block.key().inode()).toList();
  }

  @ParameterizedTest
  @EnumSource(Eviction.class)
  void everyBlockHasOnePlaceUntilItIsRemoved(Eviction eviction) {
    policy = eviction.policy(20 * MIB, heat);
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      put(i);
      put(i);
      all.add((long) i);
    }
    assertThat(order()).containsExactlyInAnyOrderElementsOf(all);
    for (int i = 0; i < 50; i += 2) {
      use(i);
      policy.remove(block(i));
      all.remove((Long) (long) i);
    }
    assertThat(order()).containsExactlyInAnyOrderElementsOf(all);
    use(0);
    assertThat(order()).as("what is removed stays away").doesNotContain(0L);
  }

  @Test
  void lruLetsTheOneGoThatWasNotUsedForLongest() {
    policy = Eviction.LRU.policy(20 * MIB, heat);
    for (int i = 0; i < 4; i++) {
      put(i);
    }
    use(1);
    assertThat(order()).containsExactly(0L, 2L, 3L, 1L);
  }

  @Test
  void lfuLetsTheOneGoThatWasUsedLeast() {
    policy = Eviction.LFU.policy(20 * MIB, heat);
    for (int i = 0; i < 4; i++) {
      put(i);
    }
    use(0);
    use(0);
    use(2);
    assertThat(order()).containsExactly(1L, 3L, 2L, 0L);
  }

  @Test
  void aScanPushesOutItselfAndNotWhatIsUsedAgain() {
    policy = Eviction.W_TINYLFU.policy(20 * MIB, heat);
    for (int round = 0; round < 3; round++) {
      for (int hot = 0; hot < 10; hot++) {
        if (round == 0) {
          put(hot);
        } else {
          use(hot);
        }
      }
    }
    for (int scanned = 100; scanned < 1000; scanned++) {
      put(scanned);
      List<Block> order = policy.inOrder();
      for (int i = 0; i < order.size() - 20; i++) {
        policy.remove(order.get(i));
      }
    }
    assertThat(order()).contains(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aSketchCountsAboutAndForgetsSlowly() {
    BlockKey often = new BlockKey(1, 1, 0);
    BlockKey once = new BlockKey(2, 1, 0);
    for (int i = 0; i < 9; i++) {
      heat.add(often);
    }
    heat.add(once);
    assertThat(heat.frequency(often)).isBetween(9, 15);
    assertThat(heat.frequency(once)).isBetween(1, 3);
    assertThat(heat.frequency(new BlockKey(3, 1, 0))).isLessThan(3);
    for (int i = 0; i < 100_000; i++) {
      heat.add(new BlockKey(1000 + i % 500, 1, 0));
    }
    assertThat(heat.frequency(often)).isLessThan(9);
  }
}
