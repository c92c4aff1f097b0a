/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OverlayTest {
  private static final ColumnFamily FAMILY = ColumnFamily.DENTRIES;

  /** What an overlay lies on here. */
  private static final class FakeBase implements KvReader {
    private final TreeMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public byte[] get(ColumnFamily family, byte[] key) {
      return map.get(key);
    }

    @Override
    public void scan(ColumnFamily family, byte[] from, byte[] to, Visitor visitor) {
      var range = to == null ? map.tailMap(from, true) : map.subMap(from, true, to, false);
      for (var entry : range.entrySet()) {
        if (!visitor.visit(entry.getKey(), entry.getValue())) {
          return;
        }
      }
    }
  }

  @Test
  void readsAsTheBaseWithTheChanges() {
    long seed = new Random().nextLong();
    System.out.println("OverlayTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      FakeBase base = new FakeBase();
      TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
      Overlay overlay = new Overlay(base);
      for (int i = 0; i < 20; i++) {
        byte[] key = key(random);
        base.map.put(key, new byte[] {(byte) i});
        model.put(key, new byte[] {(byte) i});
      }
      for (int i = 0; i < 30; i++) {
        byte[] key = key(random);
        if (random.nextInt(3) == 0) {
          overlay.delete(FAMILY, key);
          model.remove(key);
        } else {
          overlay.put(FAMILY, key, new byte[] {(byte) (100 + i)});
          model.put(key, new byte[] {(byte) (100 + i)});
        }
      }
      byte[] from = key(random);
      byte[] to = random.nextBoolean() ? null : Keys.successor(key(random));
      if (to != null && Arrays.compareUnsigned(from, to) > 0) {
        byte[] swap = from;
        from = to;
        to = swap;
      }
      int limit = 1 + random.nextInt(10);
      List<String> seen = new ArrayList<>();
      overlay.scan(
          FAMILY,
          from,
          to,
          (key, value) -> {
            seen.add(Arrays.toString(key) + Arrays.toString(value));
            return seen.size() < limit;
          });
      var range = to == null ? model.tailMap(from, true) : model.subMap(from, true, to, false);
      assertThat(seen)
          .as("seed %d round %d", seed, round)
          .isEqualTo(
              range.entrySet().stream()
                  .limit(limit)
                  .map(e -> Arrays.toString(e.getKey()) + Arrays.toString(e.getValue()))
                  .toList());
      byte[] probe = key(random);
      assertThat(overlay.get(FAMILY, probe)).isEqualTo(model.get(probe));
    }
  }

  private static byte[] key(Random random) {
    return new byte[] {(byte) (random.nextInt(24) * 10)};
  }

  @Test
  void forgetsWhatTheBaseHas() {
    FakeBase base = new FakeBase();
    Overlay overlay = new Overlay(base);
    byte[] key = {1};
    overlay.tag(1);
    overlay.put(FAMILY, key, new byte[] {1});
    overlay.tag(2);
    overlay.put(FAMILY, new byte[] {2}, new byte[] {2});
    overlay.forgetUpTo(1);
    assertThat(overlay.get(FAMILY, key)).isNull();
    assertThat(overlay.get(FAMILY, new byte[] {2})).isEqualTo(new byte[] {2});
  }
}
