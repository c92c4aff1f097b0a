/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeavyHittersTest {
  @Test
  void countsExactlyWhileThereIsRoom() {
    HeavyHitters hitters = new HeavyHitters(3);
    for (String key : "a b a c a b".split(" ")) {
      hitters.add(key, 10);
    }
    assertThat(hitters.top(2))
        .containsExactly(
            new HeavyHitters.Hitter("a", 3, 30, 0), new HeavyHitters.Hitter("b", 2, 20, 0));
    assertThatThrownBy(() -> new HeavyHitters(0)).hasMessageContaining("allowed: 1 or more");
  }

  @Test
  void whatIsHeavyIsNeverLost() {
    long seed = new Random().nextLong();
    System.out.println("HeavyHittersTest seed " + seed);
    Random random = new Random(seed);
    int capacity = 50;
    HeavyHitters hitters = new HeavyHitters(capacity);
    Map<String, Long> exact = new HashMap<>();
    int all = 100_000;
    for (int i = 0; i < all; i++) {
      // A few keys often, very many once or twice.
      String key =
          random.nextBoolean() ? "heavy" + random.nextInt(10) : "light" + random.nextInt(1 << 20);
      hitters.add(key, 1);
      exact.merge(key, 1L, Long::sum);
    }
    assertThat(hitters.top(all)).hasSize(capacity);
    Map<String, HeavyHitters.Hitter> found = new HashMap<>();
    hitters.top(capacity).forEach(hitter -> found.put(hitter.key(), hitter));
    exact.forEach(
        (key, count) -> {
          if (count > all / capacity) {
            assertThat(found).as("seed %d", seed).containsKey(key);
          }
        });
    found.forEach(
        (key, hitter) ->
            assertThat(exact.get(key))
                .as("seed %d, %s", seed, key)
                .isBetween(hitter.count() - hitter.error(), hitter.count()));
  }
}
