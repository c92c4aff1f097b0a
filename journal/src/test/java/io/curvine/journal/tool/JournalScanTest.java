/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.JournalLog;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalScanTest {
  private static final int EVENTS = 400;
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path temp;

  /** Gathers. */
  private static final class Seen implements JournalScan.Visitor {
    private final List<ScannedEvent> events = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    @Override
    public boolean event(ScannedEvent event) {
      events.add(event);
      return true;
    }

    @Override
    public void problem(IOException what) {
      problems.add(what.getMessage());
    }

    private List<Event> all() {
      return events.stream().map(ScannedEvent::event).toList();
    }

    private List<Long> offsets() {
      return events.stream().map(ScannedEvent::offset).toList();
    }
  }

  private static Seen scan(Path directory, JournalFilter filter) throws IOException {
    Seen seen = new Seen();
    try (JournalSource source = FileSource.directory(directory)) {
      JournalScan.run(source, filter, seen);
    }
    return seen;
  }

  /** A source to which an event is appended whenever one is read. */
  private static final class Growing implements JournalSource {
    private final JournalSource files;
    private final JournalLog log;

    Growing(Path directory, JournalLog log) throws IOException {
      this.files = FileSource.directory(directory);
      this.log = log;
    }

    @Override
    public String name() {
      return files.name();
    }

    @Override
    public Range range() throws IOException {
      return files.range();
    }

    @Override
    public BatchReader read(long fromOffset) throws IOException {
      BatchReader reader = files.read(fromOffset);
      return new BatchReader() {
        @Override
        public Optional<RawBatch> next() throws IOException {
          Event more = TestJournal.event(log.nextOffset(), new Random(log.nextOffset()));
          log.append(log.nextOffset(), StoredEvent.all(List.of(more)), new RaftPlace(2, 9_999));
          return reader.next();
        }

        @Override
        public void close() throws IOException {
          reader.close();
        }
      };
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }

  @Test
  void endsThoughEventsComeAsFastAsTheyAreRead() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 4);
    Path directory = TestJournal.write(temp.resolve("j"), events, 4);
    Seen seen = new Seen();
    try (JournalLog log = JournalLog.open(directory, TestJournal.SMALL);
        JournalSource source = new Growing(directory, log)) {
      assertThat(JournalScan.run(source, JournalFilter.ALL, seen)).isEqualTo(EVENTS);
      assertThat(log.nextOffset()).isGreaterThan(EVENTS);
    }
    assertThat(seen.problems).isEmpty();
    assertThat(seen.all()).isEqualTo(events);
  }

  @Test
  void readsAllAndFromAnyOffset() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 3);
    Path directory = TestJournal.write(temp.resolve("j"), events, 3);
    Seen seen = scan(directory, JournalFilter.ALL);
    assertThat(seen.problems).isEmpty();
    assertThat(seen.all()).isEqualTo(events);
    assertThat(seen.events.get(0).place()).isEqualTo(new RaftPlace(2, 100));
    for (int from = 0; from <= EVENTS + 1; from += 7) {
      assertThat(scan(directory, JournalFilter.ALL.from(from)).all())
          .isEqualTo(events.subList(Math.min(from, EVENTS), EVENTS));
    }
    try (JournalSource source = FileSource.directory(directory)) {
      assertThat(source.range()).isEqualTo(new JournalSource.Range(0, EVENTS));
    }
    Path one = TestJournal.logs(directory).get(2);
    try (JournalSource source = FileSource.file(one)) {
      JournalSource.Range range = source.range();
      Seen part = new Seen();
      assertThat(JournalScan.run(source, JournalFilter.ALL, part)).isEqualTo(range.next());
      assertThat(part.all()).isEqualTo(events.subList((int) range.first(), (int) range.next()));
      assertThatThrownBy(() -> source.read(range.first() - 1))
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    }
  }

  @Test
  void followsAJournalThatGrows() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 4);
    Path directory = temp.resolve("j");
    Random random = new Random(4);
    try (JournalLog log = JournalLog.open(directory, TestJournal.SMALL)) {
      TestJournal.append(log, events.subList(0, 1), random);
      try (JournalSource source = FileSource.directory(directory);
          JournalSource.BatchReader reader = source.read(0)) {
        long next = 0;
        for (int more = 10; more <= EVENTS; more += 39) {
          TestJournal.append(log, events.subList(0, more), random);
          Optional<RawBatch> batch = reader.next();
          while (batch.isPresent()) {
            assertThat(batch.get().baseOffset()).isEqualTo(next);
            next = batch.get().nextOffset();
            batch = reader.next();
          }
          assertThat(next).isEqualTo(more);
        }
      }
    }
  }

  @Test
  void goesOnBehindDamage() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 5);
    Path directory = TestJournal.write(temp.resolve("j"), events, 5);
    List<Path> logs = TestJournal.logs(directory);
    byte[] bytes = Files.readAllBytes(logs.get(1));
    bytes[200] ^= 4; // in the first batch
    Files.write(logs.get(1), bytes);
    byte[] other = Files.readAllBytes(logs.get(3));
    other[16] = 1; // not a batch any more
    Files.write(logs.get(3), other);
    Seen seen = scan(directory, JournalFilter.ALL);
    assertThat(seen.problems).anyMatch(line -> line.contains("its checksum does not fit"));
    assertThat(seen.problems).anyMatch(line -> line.contains("bytes are passed over"));
    assertThat(seen.offsets()).isSorted().doesNotHaveDuplicates();
    assertThat(seen.offsets()).contains(0L, (long) EVENTS - 1).hasSizeGreaterThan(EVENTS - 40);
    assertThat(seen.events).anyMatch(event -> !event.checksumFits());
  }

  @Test
  void aTornEndIsTheEnd() throws IOException {
    Path directory = TestJournal.write(temp.resolve("j"), TestJournal.events(EVENTS, 6), 6);
    List<Path> logs = TestJournal.logs(directory);
    Path newest = logs.get(logs.size() - 1);
    byte[] whole = Files.readAllBytes(newest);
    Files.write(newest, java.util.Arrays.copyOf(whole, whole.length - 3));
    Seen seen = scan(directory, JournalFilter.ALL);
    assertThat(seen.problems).isEmpty();
    assertThat(seen.events.size()).isBetween(EVENTS - 12, EVENTS - 1);
  }

  @Test
  void anEmptyDirectoryIsNoJournal() {
    assertThatThrownBy(() -> FileSource.directory(temp))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void filtersAgreeWithThePlainCondition() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 8);
    Path directory = TestJournal.write(temp.resolve("j"), events, 8);
    long from = TestJournal.BEGIN_NANOS + 50 * SECOND;
    long to = TestJournal.BEGIN_NANOS + 60 * SECOND;
    assertThat(
            scan(
                    directory,
                    new JournalFilter(0, Long.MAX_VALUE, from, to, Set.of(), List.of(), Set.of()))
                .offsets())
        .containsExactly(50L, 51L, 52L, 53L, 54L, 55L, 56L, 57L, 58L, 59L);
    assertThat(
            scan(
                    directory,
                    new JournalFilter(
                        50, 55, Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), List.of(), Set.of()))
                .offsets())
        .containsExactly(50L, 51L, 52L, 53L, 54L, 55L);
    Seen renames =
        scan(
            directory,
            new JournalFilter(
                0,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Set.of("EntryRenamed", "EntryDeleted"),
                List.of("/old", "/d3/"),
                Set.of("ann", "1001")));
    assertThat(renames.all())
        .isNotEmpty()
        .isEqualTo(
            events.stream()
                .filter(event -> event.hasEntryRenamed() || event.hasEntryDeleted())
                .filter(
                    event ->
                        event.getSubject().getPath().toStringUtf8().startsWith("/d3/")
                            || event.getSubject().getOldPath().toStringUtf8().startsWith("/old/"))
                .filter(event -> event.getPrincipal().getUid() != 1002)
                .toList());
    JournalFilter exact =
        new JournalFilter(
            0, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), List.of("/d"), Set.of());
    assertThat(scan(directory, exact).events).as("/d1 is not below /d").isEmpty();
    assertThatThrownBy(() -> new JournalFilter(0, 1, 0, 1, Set.of(), List.of("relative"), Set.of()))
        .hasMessageContaining("allowed: one that begins with /");
  }

  @Test
  void statisticsAgreeWithTheEvents() throws IOException {
    List<Event> events = TestJournal.events(EVENTS, 9);
    Path directory = TestJournal.write(temp.resolve("j"), events, 9);
    JournalStats stats = new JournalStats();
    scan(directory, JournalFilter.ALL).events.forEach(stats::add);
    assertThat(stats.all().events()).isEqualTo(EVENTS);
    assertThat(stats.all().bytes())
        .isEqualTo(events.stream().mapToLong(Event::getSerializedSize).sum());
    assertThat(stats.types().get("ClusterFormed").events()).isEqualTo(1);
    assertThat(stats.types().values().stream().mapToLong(JournalStats.Count::events).sum())
        .isEqualTo(EVENTS);
    assertThat(stats.hours()).hasSize(1);
    assertThat(stats.rate()).isEqualTo(1.0);
    assertThat(stats.principals().top(9)).hasSize(3);
    HeavyHitters.Hitter first = stats.directories().top(1).get(0);
    assertThat(first.error()).isZero();
    assertThat(first.count())
        .isEqualTo(
            events.stream()
                .filter(
                    event ->
                        event.getSubject().getPath().toStringUtf8().startsWith(first.key() + "/"))
                .count());
  }
}
