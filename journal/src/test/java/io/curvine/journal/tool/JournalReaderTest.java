/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalFiles;
import io.curvine.journal.JournalLog;
import io.curvine.journal.RecordBatchLayout;
import io.curvine.journal.StoredEvent;
import io.curvine.journal.TestEvents;
import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads beside the log that wrote, and changes nothing. */
class JournalReaderTest {
  private static final int EVENTS = 2_000;

  @TempDir Path dir;

  static LongStream seeds() {
    return LongStream.concat(LongStream.rangeClosed(1, 5), LongStream.of(System.nanoTime()));
  }

  private void write(long start, Random random) throws IOException {
    JournalConfig config =
        new JournalConfig(1024 + random.nextInt(65536), Long.MAX_VALUE, Duration.ofDays(9999));
    try (JournalLog log = JournalLog.open(dir, config)) {
      if (start > 0) {
        log.reset(start);
      }
      for (long next = start; next < start + EVENTS; ) {
        long to = Math.min(start + EVENTS, next + 1 + random.nextInt(40));
        log.append(next, StoredEvent.all(TestEvents.events(next, to)));
        next = to;
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readsWhatTheLogHasFromAnywhere(long seed) throws IOException {
    System.out.println("JournalReaderTest seed " + seed);
    Random random = new Random(seed);
    long start = random.nextInt(3) * 1_000L;
    write(start, random);
    Map<String, Integer> files = files();
    JournalReader reader = JournalReader.open(dir);
    assertThat(reader.startOffset()).isEqualTo(start);
    assertThat(reader.nextOffset()).isEqualTo(start + EVENTS);
    String chain = reader.verify();
    List<Long> places = new ArrayList<>(List.of(start, start + EVENTS, start + EVENTS - 1));
    for (int i = 0; i < 30; i++) {
      places.add(start + random.nextInt(EVENTS));
    }
    Map<Long, String> chains = new TreeMap<>();
    for (long from : places) {
      chains.put(from, reader.chainHashAt(from));
      try (JournalCursor cursor = reader.from(from)) {
        long next = from;
        for (; cursor.next(); next++) {
          assertThat(cursor.offset()).isEqualTo(next);
          assertThat(cursor.event()).isEqualTo(TestEvents.event(next));
        }
        assertThat(next).isEqualTo(start + EVENTS);
      }
      // The time of an event in milliseconds is its number.
      assertThat(reader.offsetAfter(from * 1_000_000)).contains(Math.min(start + EVENTS, from + 1));
      assertThat(reader.offsetAfter(from * 1_000_000 + 1))
          .contains(Math.min(start + EVENTS, from + 1));
      if (from > start) {
        assertThat(reader.offsetAfter(from * 1_000_000 - 1)).contains(from);
      }
    }
    assertThat(reader.offsetAfter(start * 1_000_000 - 1)).isEmpty();
    assertThat(files()).isEqualTo(files);
    try (JournalLog log = JournalLog.open(dir, JournalConfig.defaults())) {
      assertThat(log.chainHash()).isEqualTo(chain);
      for (Map.Entry<Long, String> place : chains.entrySet()) {
        assertThat(log.chainHashAt(place.getKey())).isEqualTo(place.getValue());
      }
    }
  }

  @Test
  void linksStayWhenSegmentsAreDropped() throws IOException {
    write(0, new Random(7));
    JournalReader reader = JournalReader.open(dir);
    List<Long> bases = JournalFiles.baseOffsets(dir);
    long from = bases.get(1) + 3;
    JournalReader linked = reader.link(from, 1_500, Files.createDirectory(dir.resolve("links")));
    for (long base : bases) {
      Files.delete(JournalFiles.path(dir, base, JournalFiles.LOG));
    }
    assertThat(linked.startOffset()).isEqualTo(bases.get(1));
    assertThat(linked.nextOffset()).isBetween(1_500L, (long) EVENTS);
    try (JournalCursor cursor = linked.from(from)) {
      for (long next = from; next < 1_500; next++) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.event()).isEqualTo(TestEvents.event(next));
      }
    }
    Path late = Files.createDirectory(dir.resolve("late"));
    assertThatThrownBy(() -> reader.link(from, 1_500, late))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("is not kept any more");
  }

  @Test
  void leavesATornEndWhereItIs() throws IOException {
    write(0, new Random(3));
    Path newest = newest();
    byte[] garbage = new byte[100];
    Files.write(newest, garbage, StandardOpenOption.APPEND);
    Map<String, Integer> files = files();
    JournalReader reader = JournalReader.open(dir);
    assertThat(reader.nextOffset()).isEqualTo(EVENTS);
    reader.verify();
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void findsAFlippedBitAndSaysWhere() throws IOException {
    write(0, new Random(4));
    Path oldest = JournalFiles.path(dir, 0, JournalFiles.LOG);
    byte[] bytes = Files.readAllBytes(oldest);
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      byte[] flipped = bytes.clone();
      flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(oldest, flipped);
      // Kafka's checksum does not cover the epoch of a partition's leader, which nobody reads.
      if (!sameButForLeaderEpochs(bytes, flipped)) {
        assertThatThrownBy(() -> JournalReader.open(dir).verify())
            .isInstanceOf(CurvineException.class)
            .hasMessageContaining(oldest.toString());
      }
    }
  }

  private static boolean sameButForLeaderEpochs(byte[] bytes, byte[] flipped) throws IOException {
    int changed = Arrays.mismatch(bytes, flipped);
    for (RawBatch batch : RawBatch.all("test", bytes)) {
      if (changed < batch.end()) {
        int at = changed - batch.from() - RecordBatchLayout.LEADER_EPOCH_AT;
        return at >= 0 && at < Integer.BYTES;
      }
    }
    return false;
  }

  @Test
  void saysWhatIsOutOfRangeAndWhatIsThere() throws IOException {
    write(2_000, new Random(6));
    JournalReader reader = JournalReader.open(dir);
    assertThatThrownBy(() -> reader.from(1_999)).hasMessageContaining("holds 2000 to 4000");
    assertThatThrownBy(() -> reader.from(4_001)).hasMessageContaining("offset 4001");
    assertThatThrownBy(() -> JournalReader.open(dir.resolve("none")))
        .hasMessageContaining("holds no journal");
  }

  private Path newest() throws IOException {
    List<Long> bases = JournalFiles.baseOffsets(dir);
    return JournalFiles.path(dir, bases.get(bases.size() - 1), JournalFiles.LOG);
  }

  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(dir)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return files;
  }
}
