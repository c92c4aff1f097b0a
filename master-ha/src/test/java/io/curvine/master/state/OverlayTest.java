/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OverlayTest {
  private static final ColumnFamily<Long> FAMILY = ColumnFamily.DENTRIES;

  /** What overlays lie on here. */
  private static final class FakeBase implements KvReader {
    private final NavigableMap<Key, Object> map = new TreeMap<>();

    @Override
    @SuppressWarnings("unchecked")
    public <V> V get(ColumnFamily<V> family, Key key) {
      return (V) map.get(key);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> void scan(ColumnFamily<V> family, Key from, Key to, Visitor<V> visitor) {
      for (Map.Entry<Key, Object> entry : between(map, from, to).entrySet()) {
        if (!visitor.visit(entry.getKey(), (V) entry.getValue())) {
          return;
        }
      }
    }

    void take(Overlay changes) {
      changes.forEachChange(
          new Overlay.ChangeVisitor() {
            @Override
            public <V> void put(ColumnFamily<V> family, Key key, V value) {
              map.put(key, value);
            }

            @Override
            public void delete(ColumnFamily<?> family, Key key) {
              map.remove(key);
            }

            @Override
            public void deleteRange(ColumnFamily<?> family, Key from, Key to) {
              between(map, from, to).clear();
            }
          });
    }
  }

  private static <V> NavigableMap<Key, V> between(NavigableMap<Key, V> map, Key from, Key to) {
    return to == null ? map.tailMap(from, true) : map.subMap(from, true, to, false);
  }

  /** A stack of overlays, changed, read and applied from below in random order, is a plain map. */
  @Test
  void readsAsTheBaseWithTheChanges() {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("OverlayTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      FakeBase base = new FakeBase();
      NavigableMap<Key, Object> model = new TreeMap<>();
      Deque<Overlay> stack = new ArrayDeque<>(List.of(new Overlay(base)));
      for (int step = 0; step < 100; step++) {
        switch (random.nextInt(8)) {
          case 0 -> stack.addLast(new Overlay(stack.getLast()));
          case 1 -> applyOldest(stack, base);
          case 2 -> deleteRange(random, stack.getLast(), model);
          case 3 -> {
            Key key = key(random);
            stack.getLast().delete(FAMILY, key);
            model.remove(key);
          }
          default -> {
            Key key = key(random);
            stack.getLast().put(FAMILY, key, (long) step);
            model.put(key, (long) step);
          }
        }
        compare(random, stack.getLast(), model, "seed " + seed + " round " + round);
      }
    }
  }

  private static void applyOldest(Deque<Overlay> stack, FakeBase base) {
    if (stack.size() > 1) {
      base.take(stack.removeFirst());
      stack.getFirst().rebase(base);
    }
  }

  private static void deleteRange(Random random, Overlay overlay, NavigableMap<Key, Object> model) {
    Key one = key(random);
    Key other = key(random);
    Key from = one.compareTo(other) < 0 ? one : other;
    Key to = from.equals(one) ? other : one;
    overlay.deleteRange(FAMILY, from, to);
    between(model, from, to).clear();
  }

  private static void compare(
      Random random, Overlay overlay, NavigableMap<Key, Object> model, String what) {
    Key from = key(random);
    Key other = Keys.successor(key(random));
    Key to = from.compareTo(other) > 0 ? null : other;
    int limit = 1 + random.nextInt(10);
    List<String> seen = new ArrayList<>();
    overlay.scan(
        FAMILY,
        from,
        to,
        (key, value) -> {
          seen.add(key + "=" + value);
          return seen.size() < limit;
        });
    assertThat(seen)
        .as(what)
        .isEqualTo(
            between(model, from, to).entrySet().stream()
                .limit(limit)
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList());
    Key probe = key(random);
    assertThat(overlay.get(FAMILY, probe)).as(what).isEqualTo(model.get(probe));
  }

  private static Key key(Random random) {
    return Key.of(new byte[] {(byte) (random.nextInt(24) * 10)});
  }
}
