/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalDiffTest {
  private static final int EVENTS = 500;

  @TempDir Path temp;

  private static JournalDiff.Result compare(Path one, Path other) throws IOException {
    try (JournalSource a = FileSource.directory(one);
        JournalSource b = FileSource.directory(other)) {
      return JournalDiff.compare(a, b);
    }
  }

  @Test
  void theFirstDifferenceIsFoundWhereverItIs() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("JournalDiffTest seed " + seed);
    Random random = new Random(seed);
    List<Event> events = TestJournal.events(EVENTS, seed);
    Path one = TestJournal.write(temp.resolve("one"), events, 1);
    List<Integer> places = new ArrayList<>(List.of(0, 1, EVENTS - 2, EVENTS - 1));
    for (int i = 0; i < 20; i++) {
      places.add(random.nextInt(EVENTS));
    }
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      List<Event> changed = new ArrayList<>(events);
      Event other = events.get(place).toBuilder().setSeq(999_999).build();
      changed.set(place, other);
      // In other batches than the first one's, too.
      Path two = TestJournal.write(temp.resolve("two" + i), changed, 1 + i % 2);
      JournalDiff.Result result = compare(one, two);
      assertThat(result.outcome()).isEqualTo(JournalDiff.Outcome.DIFFERENT);
      assertThat(result.offset()).as("seed %d", seed).isEqualTo(place);
      assertThat(result.inA().orElseThrow().parse()).isEqualTo(events.get(place));
      assertThat(result.inB().orElseThrow().parse()).isEqualTo(other);
    }
  }

  @Test
  void oneThatEndsEarlierIsEqualUntilThere() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 2);
    Path one = TestJournal.write(temp.resolve("one"), events, 1);
    Path two = TestJournal.write(temp.resolve("two"), events.subList(0, 312), 2);
    JournalDiff.Result result = compare(one, two);
    assertThat(result.outcome()).isEqualTo(JournalDiff.Outcome.EQUAL);
    assertThat(result.offset()).isEqualTo(312);
    assertThat(result.a().next()).isEqualTo(EVENTS);
    assertThat(result.b().next()).isEqualTo(312);
    assertThat(compare(one, one).offset()).isEqualTo(EVENTS);
  }

  @Test
  void journalsThatBeginAtDifferentOffsetsAreComparedWhereBothAre() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 3);
    Path one = TestJournal.write(temp.resolve("one"), events, 1);
    Path two = TestJournal.write(temp.resolve("two"), events, 1);
    JournalConfig little = new JournalConfig(8 << 10, 20_000, Duration.ofDays(9999));
    try (JournalLog log = JournalLog.open(two, little)) {
      log.applyRetention(JournalLog.Floor.NONE);
      assertThat(log.startOffset()).isPositive();
    }
    assertThat(compare(one, two).outcome()).isEqualTo(JournalDiff.Outcome.EQUAL);

    List<Event> changed = new ArrayList<>(events);
    changed.set(3, changed.get(3).toBuilder().setSeq(4711).build());
    Path three = TestJournal.write(temp.resolve("three"), changed, 1);
    JournalDiff.Result before = compare(two, three);
    assertThat(before.outcome()).isEqualTo(JournalDiff.Outcome.DIFFERENT_BEFORE);
    assertThat(before.offset()).isEqualTo(before.a().first());

    Path early = TestJournal.write(temp.resolve("early"), events.subList(0, 5), 1);
    assertThat(compare(two, early).outcome()).isEqualTo(JournalDiff.Outcome.APART);
  }
}
