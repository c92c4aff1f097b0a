/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.tool.JournalCursor;
import io.curvine.journal.tool.JournalReader;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut off need not be readable: that is the usual reason to cut it off. */
class SegmentCutTest {
  private static final JournalConfig SMALL =
      new JournalConfig(4096, Long.MAX_VALUE, Duration.ofDays(9999));

  /** The format, the length, the offsets, the checksum, the events: all that spoils a batch. */
  @Test
  void aJournalIsCutWhereItIsDamaged(@TempDir Path temp) throws IOException {
    Path dir = temp.resolve("journal");
    long seed = System.nanoTime();
    System.out.println("SegmentCutTest seed " + seed);
    Random random = new Random(seed);
    int cut = 0;
    for (int round = 0; round < 200; round++) {
      List<Event> events = write(dir, random);
      List<Long> bases = JournalFiles.baseOffsets(dir);
      long base = bases.get(random.nextInt(bases.size() - 1));
      Path file = JournalFiles.path(dir, base, JournalFiles.LOG);
      byte[] bytes = Files.readAllBytes(file);
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);

      List<Event> readable = readable(dir);
      assertThat(readable)
          .as("byte %d of %s", at, file)
          .isEqualTo(events.subList(0, Math.min(readable.size(), events.size())));
      if (readable.size() < events.size()) {
        cut++;
        try (JournalLog log = JournalLog.open(dir, SMALL)) {
          log.truncateTo(readable.size());
          assertThat(log.nextOffset()).isEqualTo(readable.size());
          log.append(readable.size(), StoredEvent.all(List.of(TestEvents.event(9_999))));
        }
        readable.add(TestEvents.event(9_999));
        assertThat(readable(dir)).as("byte %d of %s", at, file).isEqualTo(readable);
      }
      for (long old : JournalFiles.baseOffsets(dir)) {
        JournalFiles.deleteSegment(dir, old);
      }
    }
    assertThat(cut).isGreaterThan(150);
  }

  private static List<Event> write(Path dir, Random random) throws IOException {
    List<Event> events = TestEvents.events(0, 200 + random.nextInt(200));
    try (JournalLog log = JournalLog.open(dir, SMALL)) {
      for (int next = 0; next < events.size(); ) {
        int end = Math.min(events.size(), next + 1 + random.nextInt(9));
        log.append(next, StoredEvent.all(events.subList(next, end)));
        next = end;
      }
    }
    return events;
  }

  /** The events before the first that cannot be read. */
  private static List<Event> readable(Path dir) {
    List<Event> events = new ArrayList<>();
    try (JournalCursor cursor = JournalReader.open(dir).from(0)) {
      while (cursor.next()) {
        events.add(cursor.event());
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(dir.toString());
    }
    return events;
  }
}
