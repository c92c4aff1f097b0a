/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DerivedLogTest {
  @TempDir Path dir;

  private final AtomicLong nanos = new AtomicLong();
  private JournalLog journal;
  private DerivedLog derived;

  @BeforeEach
  void open() throws IOException {
    journal =
        JournalLog.open(
            dir.resolve("journal"),
            new JournalConfig(16 << 10, Long.MAX_VALUE, Duration.ofDays(9)));
    openDerived();
  }

  private void openDerived() throws IOException {
    derived =
        DerivedLog.open(dir.resolve("derived"), journal, DerivedLogTest::show, "test", nanos::get);
  }

  @AfterEach
  void close() throws IOException {
    derived.close();
    journal.close();
  }

  /** A third of all events. */
  private static Optional<EventView.Shown> show(long offset, Event event) {
    return event.hasEntryDeleted()
        ? Optional.of(
            new EventView.Shown(
                ByteString.copyFromUtf8("key" + offset),
                text(offset, event),
                ByteString.copyFromUtf8("Test")))
        : Optional.empty();
  }

  private static ByteString text(long offset, Event event) {
    return ByteString.copyFromUtf8(offset + " deleted " + event.getEntryDeleted().getInode());
  }

  private static SortedMap<Long, String> expected(long from, long to) {
    SortedMap<Long, String> records = new TreeMap<>();
    for (long offset = from; offset < to; offset++) {
      Event event = TestEvents.event(offset);
      if (event.hasEntryDeleted()) {
        records.put(offset, text(offset, event).toStringUtf8());
      }
    }
    return records;
  }

  private void append(long to, int atOnce) throws IOException {
    while (journal.nextOffset() < to) {
      long from = journal.nextOffset();
      journal.append(from, StoredEvent.all(TestEvents.events(from, Math.min(to, from + atOnce))));
    }
  }

  /** Reads as a fetch does: waits for what is not there yet, and follows the batches' ends. */
  private SortedMap<Long, String> read(long from, long to, int maxBytes) throws Exception {
    SortedMap<Long, String> records = new TreeMap<>();
    long at = from;
    while (at < to) {
      if (derived.aheadOf(at).bytes() == 0) {
        derived.onAppend(at).get(30, TimeUnit.SECONDS);
      }
      try (LogSlice slice = derived.sliceFor(at, maxBytes)) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.lengthBytes());
        slice.read(bytes);
        for (RecordBatch batch : MemoryRecords.readableRecords(bytes.flip()).batches()) {
          batch.ensureValid();
          assertThat(batch.baseOffset()).isLessThanOrEqualTo(at);
          for (Record record : batch) {
            if (record.offset() >= at) {
              records.put(record.offset(), ByteString.copyFrom(record.value()).toStringUtf8());
            }
          }
          at = batch.nextOffset();
        }
      }
    }
    return records;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(dir.resolve("derived"))) {
      return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  @Test
  void showsTheEventsAtTheirOffsets() throws Exception {
    append(5_000, 37);
    assertThat(files()).isEmpty();
    assertThat(read(0, 5_000, 9_000)).isEqualTo(expected(0, 5_000));
    assertThat(read(3_333, 5_000, 1)).isEqualTo(expected(3_333, 5_000));
    assertThat(files()).hasSizeGreaterThan(3);
  }

  @Test
  void waitsForWhatComes() throws Exception {
    append(10, 10);
    assertThat(read(0, 10, 100)).isEqualTo(expected(0, 10));
    var next = derived.onAppend(10);
    assertThat(next).isNotDone();
    append(2_000, 50);
    next.get(30, TimeUnit.SECONDS);
    assertThat(read(10, 2_000, 1 << 20)).isEqualTo(expected(10, 2_000));
    assertThat(derived.aheadOf(2_000).bytes()).isZero();
    try (LogSlice end = derived.sliceFor(2_000, 100)) {
      assertThat(end.lengthBytes()).isZero();
    }
  }

  @Test
  void anOffsetThatTheJournalDoesNotHaveIsOutOfRange() throws Exception {
    append(10, 10);
    assertThatThrownBy(() -> derived.sliceFor(11, 10))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("offset 11 is out of range");
    assertThat(derived.onAppend(12)).isCompletedExceptionally();
  }

  @Test
  void keepsItsFilesOverARestart() throws Exception {
    append(3_000, 40);
    read(0, 3_000, 1 << 20);
    derived.close();
    var before = Files.getLastModifiedTime(files().get(0));
    openDerived();
    append(3_500, 40);
    assertThat(read(0, 3_500, 1 << 20)).isEqualTo(expected(0, 3_500));
    assertThat(Files.getLastModifiedTime(files().get(0))).isEqualTo(before);
  }

  @Test
  void makesAnewWhatADeathOfTheProcessDamaged() throws Exception {
    append(3_000, 40);
    read(0, 3_000, 1 << 20);
    derived.close();
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("DerivedLogTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    for (Path file : files()) {
      switch (random.nextInt(3)) {
        case 0 -> {
          byte[] torn = Files.readAllBytes(file);
          Files.write(file, java.util.Arrays.copyOf(torn, random.nextInt(torn.length)));
        }
        case 1 -> Files.write(file, new byte[random.nextInt(5_000)], StandardOpenOption.APPEND);
        default -> {}
      }
    }
    openDerived();
    assertThat(read(0, 3_000, 1 << 20)).isEqualTo(expected(0, 3_000));
  }

  @Test
  void dropsWhatNobodyReadsAndWhatTheJournalHasNoMore() throws Exception {
    append(3_000, 40);
    read(0, 3_000, 1 << 20);
    int all = files().size();
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(50));
    read(2_990, 3_000, 100);
    derived.dropUnused();
    assertThat(files()).hasSize(all);
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(20));
    derived.dropUnused();
    assertThat(files()).hasSize(1);
    assertThat(read(0, 3_000, 1 << 20)).isEqualTo(expected(0, 3_000));
  }

  @Test
  void followsTheJournalsRetention() throws Exception {
    journal.close();
    derived.close();
    journal =
        JournalLog.open(
            dir.resolve("journal"), new JournalConfig(16 << 10, 40 << 10, Duration.ofDays(99_999)));
    openDerived();
    append(3_000, 40);
    read(0, 3_000, 1 << 20);
    journal.applyRetention(JournalLog.Floor.NONE);
    long start = journal.startOffset();
    assertThat(start).isPositive();
    derived.dropUnused();
    assertThat(files().get(0).getFileName().toString()).startsWith(String.format("%020d", start));
    assertThat(read(start, 3_000, 1 << 20)).isEqualTo(expected(start, 3_000));
    assertThatThrownBy(() -> derived.sliceFor(start - 1, 10)).hasMessageContaining("out of range");
  }

  @Test
  void aFailureIsToldAndTriedAgain() throws Exception {
    append(100, 10);
    derived.close();
    derived =
        DerivedLog.open(
            dir.resolve("derived"),
            journal,
            (offset, event) -> {
              if (nanos.get() == 0) {
                throw new IllegalStateException("test");
              }
              return show(offset, event);
            },
            "test",
            nanos::get);
    assertThatThrownBy(() -> derived.onAppend(0).get(30, TimeUnit.SECONDS))
        .hasRootCauseMessage("test");
    assertThatThrownBy(() -> derived.sliceFor(0, 10)).hasRootCauseMessage("test");
    nanos.set(TimeUnit.SECONDS.toNanos(6));
    assertThat(read(0, 100, 1 << 20)).isEqualTo(expected(0, 100));
  }
}
