/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.command.RandomHistory;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The differences of two states beside those of two plain walks. */
class StateDiffTest {
  private static final int ROUNDS = 30;

  @TempDir Path directory;

  /** Every path that can be reached, with its inode. */
  private static Map<String, Inode> walk(FrozenState state) {
    Map<String, Inode> found = new TreeMap<>();
    walk(state, "", 1, found);
    return found;
  }

  private static void walk(FrozenState state, String above, long id, Map<String, Inode> found) {
    state
        .view()
        .namespace()
        .children(
            id,
            com.google.protobuf.ByteString.EMPTY,
            (name, child) -> {
              String path = above + "/" + name.toStringUtf8();
              found.put(path, state.view().namespace().require(child));
              walk(state, path, child, found);
              return true;
            });
  }

  @Test
  void isWhatTwoWalksDifferIn() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("StateDiffTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), random)) {
      history.run(500);
      for (int round = 0; round < ROUNDS; round++) {
        try (FrozenState before = history.store().freeze()) {
          history.run(random.nextInt(60));
          try (FrozenState after = history.store().freeze()) {
            String when = "seed " + seed + " round " + round;
            compare(StateDiff.of(before, after), walk(before), walk(after), when);
            assertThat(StateDiff.of(after, after)).as(when).isEmpty();
          }
        }
      }
    }
  }

  private static void compare(
      List<StateDiff.Entry> diff, Map<String, Inode> was, Map<String, Inode> is, String when) {
    // Renames said for a directory hold for all below it: follow them, then nothing may be left.
    Map<String, Inode> expected = new TreeMap<>();
    Set<String> explained = new TreeSet<>();
    for (Map.Entry<String, Inode> entry : was.entrySet()) {
      String path = follow(entry.getKey(), diff);
      if (path != null) {
        expected.put(path, entry.getValue());
      }
    }
    for (StateDiff.Entry entry : diff) {
      switch (entry.kind()) {
        case ADDED -> {
          assertThat(is.get(entry.path()).getId()).as(when).isEqualTo(entry.inode());
          expected.put(entry.path(), is.get(entry.path()));
        }
        case REMOVED -> assertThat(was.get(entry.path()).getId()).as(when).isEqualTo(entry.inode());
        case RENAMED -> {
          assertThat(was.get(entry.from()).getId()).as(when).isEqualTo(entry.inode());
          explained.add(entry.path());
        }
        case CHANGED -> {
          if (!entry.path().equals("/")) {
            assertThat(expected.get(entry.path())).as(when).isNotEqualTo(is.get(entry.path()));
          }
          assertThat(entry.fields()).as(when).isNotEmpty();
          explained.add(entry.path());
        }
      }
    }
    assertThat(expected.keySet()).as(when).isEqualTo(is.keySet());
    for (Map.Entry<String, Inode> entry : is.entrySet()) {
      assertThat(expected.get(entry.getKey()).getId()).as(when).isEqualTo(entry.getValue().getId());
      if (!explained.contains(entry.getKey())) {
        assertThat(expected.get(entry.getKey())).as(when).isEqualTo(entry.getValue());
      }
    }
  }

  /** Where a former path is now by what the differences say; null: it is gone. */
  private static String follow(String path, List<StateDiff.Entry> diff) {
    String nearest = "";
    StateDiff.Entry rename = null;
    for (StateDiff.Entry entry : diff) {
      if (entry.kind() == StateDiff.Kind.REMOVED && entry.path().equals(path)) {
        return null;
      }
      boolean above = path.equals(entry.from()) || path.startsWith(entry.from() + "/");
      if (entry.kind() == StateDiff.Kind.RENAMED
          && above
          && entry.from().length() > nearest.length()) {
        nearest = entry.from();
        rename = entry;
      }
    }
    return rename == null ? path : rename.path() + path.substring(nearest.length());
  }

  @Test
  void namesTheFirstKeyThatDiffers() throws IOException {
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), new Random(1))) {
      history.make("/a/b");
      try (FrozenState before = history.store().freeze()) {
        history.chmod("/a/b", 0123);
        try (FrozenState after = history.store().freeze()) {
          StateComparison.Difference difference =
              StateComparison.first(ColumnFamily.INODES, before, after).orElseThrow();
          assertThat(StateKeys.text(ColumnFamily.INODES, difference.key())).isEqualTo("3");
          assertThat(StateComparison.first(ColumnFamily.DENTRIES, before, after)).isEmpty();
        }
      }
    }
  }

  @Test
  void keysAreReadAsTheyAreWritten() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("StateDiffTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), random)) {
      history.make("/with:colon/back\\slash/\u00e4");
      history.make("/0x12");
      history.run(2_000);
      try (FrozenState state = history.store().freeze()) {
        for (ColumnFamily<?> family : ColumnFamily.all()) {
          List<Key> keys = new ArrayList<>();
          state.scanStored(family, Keys.EMPTY, null, (key, value) -> keys.add(Key.of(key)));
          for (Key key : keys) {
            String text = StateKeys.text(family, key);
            assertThat(StateKeys.parse(family, text)).as("%s %s", family, text).isEqualTo(key);
          }
        }
        StateSummary summary = StateSummary.of(state, 3);
        assertThat(summary.biggest()).hasSizeLessThanOrEqualTo(3);
        assertThat(summary.clusterId()).isEqualTo("cluster");
        assertThat(summary.counters().values().stream().mapToLong(each -> each).sum()).isPositive();
      }
    }
  }

  @Test
  void stepsOfARangeAreComparedStepByStep() throws IOException {
    try (RandomHistory history = new RandomHistory(directory.resolve("master"), new Random(2))) {
      for (int i = 0; i < 300; i++) {
        history.create("/f" + (1_000 + i));
      }
      KeyRange all = KeyRange.all(ColumnFamily.DENTRIES);
      var none = new io.curvine.protocol.io.Throttle(0);
      try (FrozenState before = history.store().freeze()) {
        history.rename("/f1150", "/f1150x");
        try (FrozenState after = history.store().freeze()) {
          RangeDigest chosen = RangeDigest.of(before, all, 40, none);
          List<Key> begins = chosen.steps().stream().skip(1).map(RangeDigest.Step::first).toList();
          RangeDigest same = RangeDigest.of(before, all, begins, none);
          assertThat(same.steps())
              .extracting(RangeDigest.Step::sha256)
              .isEqualTo(chosen.steps().stream().map(RangeDigest.Step::sha256).toList());
          RangeDigest other = RangeDigest.of(after, all, begins, none);
          List<Integer> differing = new ArrayList<>();
          for (int i = 0; i < chosen.steps().size(); i++) {
            if (!chosen.steps().get(i).sha256().equals(other.steps().get(i).sha256())) {
              differing.add(i);
            }
          }
          assertThat(chosen.steps()).hasSize(8);
          assertThat(differing).containsExactly(3);
        }
      }
    }
  }
}
