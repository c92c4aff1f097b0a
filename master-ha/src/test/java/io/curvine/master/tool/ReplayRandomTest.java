/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.command.RandomHistory;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state is the fold of the journal, whatever it begins from. */
class ReplayRandomTest {
  private static final int SEEDS = 100;
  private static final int OPERATIONS = 2_000;

  @TempDir Path directory;

  private static StateDigest digest(StateStore store) throws IOException {
    try (FrozenState state = store.freeze()) {
      return StateDigest.of(state, new Throttle(0));
    }
  }

  private static StateDigest digest(Path replayed) throws IOException {
    try (StatePlace place = StatePlace.open(replayed);
        StateStore store = place.openState()) {
      return digest(store);
    }
  }

  private Path replay(ReplaySources sources, long offset, boolean fromStart) throws IOException {
    Path into = directory.resolve("replayed-" + offset + "-" + fromStart);
    Replayed.Outcome outcome =
        Replayed.make(sources, offset, fromStart, into, 1, (events, at, target) -> {});
    assertThat(outcome.offset()).isEqualTo(offset);
    return into;
  }

  /** Folds without a directory that is made of it. */
  private StateDigest fold(ReplaySources sources, long offset, boolean fromStart)
      throws IOException {
    Path work = directory.resolve("work");
    ReplaySources.Way way = sources.wayTo(offset, fromStart);
    assertThat(way.base().isEmpty()).isEqualTo(fromStart);
    try (StateStore store = Replay.openCopy(way.base().database(), work)) {
      Replay replay = new Replay(store, (events, at, target) -> {});
      replay.forgetResults();
      replay.run(way.journal(), offset);
      return digest(store);
    } finally {
      FileTrees.delete(work);
    }
  }

  private static void assertSame(StateDigest found, StateDigest expected, String when) {
    assertThat(found.offset()).as(when).isEqualTo(expected.offset());
    assertThat(found.folded()).as(when).isEqualTo(expected.folded());
    assertThat(found.differences(expected)).as(when).isEmpty();
  }

  @Test
  void everyOffsetIsReachedFromTheBeginningAndFromEachSnapshot() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("ReplayRandomTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    Map<Long, StateDigest> marks = new TreeMap<>();
    Path root = directory.resolve("master");
    try (RandomHistory history = new RandomHistory(root, random)) {
      for (int part = 0; part < 12; part++) {
        history.run(200 + random.nextInt(800));
        if (random.nextInt(3) == 0) {
          history.snapshot();
        }
        marks.put(history.offset(), digest(history.store()));
      }
    }
    try (ReplaySources sources = ReplaySources.of(root)) {
      for (Map.Entry<Long, StateDigest> mark : marks.entrySet()) {
        for (boolean fromStart : new boolean[] {true, false}) {
          String when = "seed " + seed + " offset " + mark.getKey() + " " + fromStart;
          Path replayed = replay(sources, mark.getKey(), fromStart);
          assertSame(digest(replayed), mark.getValue(), when);
          // What was replayed is something to go on from.
          try (ReplaySources again = ReplaySources.of(replayed)) {
            assertThat(again.end()).as(when).isEqualTo(mark.getKey());
          }
        }
      }
    }
  }

  @Test
  void snapshotAndTailIsFullReplay() throws IOException {
    long first = Long.getLong("curvine.seed", new Random().nextLong() >>> 8);
    System.out.println("ReplayRandomTest: seeds from -Dcurvine.seed=" + first);
    long began = System.nanoTime();
    long events = 0;
    for (long seed = first; seed < first + SEEDS; seed++) {
      Random random = new Random(seed);
      Path root = directory.resolve("master");
      StateDigest live;
      try (RandomHistory history = new RandomHistory(root, random)) {
        int before = random.nextInt(OPERATIONS);
        history.run(before);
        history.snapshot();
        history.run(OPERATIONS - before);
        live = digest(history.store());
        events += history.offset();
      }
      // As if the state had been lost: the way leads over the snapshot.
      FileTrees.delete(root.resolve("state/1/db"));
      Path snapshot = SnapshotDirectory.list(root.resolve("snapshots")).get(0);
      Files.move(snapshot.resolve("db"), root.resolve("state/1/db"));
      FileTrees.delete(snapshot);
      try (ReplaySources sources = ReplaySources.of(root)) {
        assertSame(fold(sources, live.offset(), false), live, "tail, seed " + seed);
        assertSame(fold(sources, live.offset(), true), live, "full, seed " + seed);
      }
      FileTrees.delete(root);
    }
    System.out.printf(
        "%d seeds, %d events, %.1f s%n", SEEDS, events, (System.nanoTime() - began) / 1e9);
  }

  @Test
  void saysWhatCanBeReached() throws IOException {
    Path root = directory.resolve("master");
    long end;
    try (RandomHistory history = new RandomHistory(root, new Random(1))) {
      history.run(200);
      end = history.offset();
    }
    Path into = directory.resolve("into");
    try (ReplaySources sources = ReplaySources.of(root)) {
      assertThatThrownBy(() -> replay(sources, end + 1, false))
          .hasMessage("the state at offset " + (end + 1) + " cannot be had; allowed: 0 to " + end);
      assertThatThrownBy(() -> sources.offsetAfter(-5)).hasMessageContaining("no event in");
      assertThat(sources.offsetAfter(Long.MAX_VALUE)).isEqualTo(end);
      Files.createDirectories(into.resolve("something"));
      assertThatThrownBy(() -> Replayed.make(sources, 1, true, into, 1, (events, at, target) -> {}))
          .hasMessageContaining("is not empty");
      Path empty = replay(sources, 0, false);
      assertThat(digest(empty).keys()).isZero();
    }
    assertThatThrownBy(() -> ReplaySources.of(into.resolve("something")))
        .hasMessageContaining("holds no state; allowed:");
  }
}
