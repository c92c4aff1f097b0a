/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static io.curvine.journal.TestEvents.event;
import static io.curvine.journal.TestEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.XattrSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalLogTest {
  private static final JournalConfig SMALL =
      new JournalConfig(4096, Long.MAX_VALUE, Duration.ofDays(9999));

  @TempDir Path temp;

  private Path dir() {
    return temp.resolve("journal");
  }

  /** One event a batch, so that segments end where they can. */
  private static void appendSingly(JournalLog log, long from, long to) throws IOException {
    for (long number = from; number < to; number++) {
      log.append(number, StoredEvent.all(events(number, number + 1)));
    }
  }

  private static void assertOutOfRange(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CurvineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
  }

  @Test
  void beginsEmpty() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      assertThat(log.startOffset()).isZero();
      assertThat(log.nextOffset()).isZero();
      assertThat(log.chainHash()).isEqualTo("0".repeat(64));
      assertThat(log.read(0, 100)).isEqualTo(new EventSlice(0, List.of()));
      assertOutOfRange(() -> log.read(1, 100));
      assertOutOfRange(() -> log.sliceFor(-1, 100));
      log.append(0, StoredEvent.all(List.of()));
      assertThat(log.nextOffset()).isZero();
    }
  }

  @Test
  void knowsTheChainAtEveryOffset() throws Exception {
    List<String> expected = new ArrayList<>();
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      expected.add(log.chainHash());
      for (long number = 0; number < 60; number++) {
        log.append(number, StoredEvent.all(events(number, number + 1)));
        expected.add(log.chainHash());
      }
      // Offsets inside a batch, too: those a snapshot ends at while entries are applied.
      log.append(60, StoredEvent.all(events(60, 70)));
      assertThat(log.chainHashAt(70)).isEqualTo(log.chainHash());
      try (JournalLog cut = JournalLog.open(temp.resolve("other"), SMALL)) {
        cut.append(0, StoredEvent.all(events(0, 65)));
        assertThat(log.chainHashAt(65)).isEqualTo(cut.chainHash());
      }
      for (int offset = 0; offset <= 60; offset++) {
        assertThat(log.chainHashAt(offset)).as("at %d", offset).isEqualTo(expected.get(offset));
      }
      assertOutOfRange(() -> log.chainHashAt(71));
      assertOutOfRange(() -> log.chainHashAt(-1));
    }
  }

  @Test
  void isLinkedWhileItGrows() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      CompletableFuture<Void> appending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  appendSingly(log, 0, 3000);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      long linked = 0;
      for (int copy = 0; linked < 3000; copy++) {
        long before = log.nextOffset();
        Path target = temp.resolve("copy-" + copy);
        log.linkTo(target);
        try (JournalLog taken = JournalLog.open(target, SMALL)) {
          linked = taken.nextOffset();
          assertThat(linked).isGreaterThanOrEqualTo(before);
          taken.verify();
          assertThat(taken.chainHash()).isEqualTo(log.chainHashAt(linked));
        }
      }
      appending.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void takesOnlyWhatFollows() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      log.append(0, StoredEvent.all(events(0, 3)));
      assertThatThrownBy(() -> log.append(2, StoredEvent.all(events(2, 3))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("2")
          .hasMessageContaining("3");
      assertThatThrownBy(() -> log.append(4, StoredEvent.all(events(4, 5))))
          .isInstanceOf(IllegalStateException.class);
      log.append(3, StoredEvent.all(events(3, 4)));
      assertThat(log.read(0, Integer.MAX_VALUE).events()).isEqualTo(events(0, 4));
    }
  }

  @Test
  void sameEventsHaveTheSameChainHoweverTheyWereAppended() throws Exception {
    try (JournalLog one = JournalLog.open(temp.resolve("1"), SMALL);
        JournalLog two = JournalLog.open(temp.resolve("2"), JournalConfig.defaults())) {
      appendSingly(one, 0, 100);
      two.append(0, StoredEvent.all(events(0, 60)));
      two.append(60, StoredEvent.all(events(60, 120)));
      two.truncateTo(100);
      assertThat(one.chainHash()).isEqualTo(two.chainHash());
      one.append(100, StoredEvent.all(events(100, 101)));
      two.append(100, StoredEvent.all(events(101, 102)));
      assertThat(one.chainHash()).isNotEqualTo(two.chainHash());
    }
  }

  @Test
  void filesAreKafkasOwn() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      log.append(0, StoredEvent.all(events(0, 10)));
      log.flush();
      Path file = JournalFiles.path(dir(), 0, JournalFiles.LOG);
      try (FileRecords records = FileRecords.open(file.toFile(), false)) {
        List<Event> read = new ArrayList<>();
        for (Record record : records.records()) {
          record.ensureValid();
          read.add(Event.parseFrom(record.value()));
        }
        assertThat(read).isEqualTo(events(0, 10));
      }
    }
  }

  @Test
  void splitsALargeAppendAndTakesALargeEvent() throws Exception {
    List<Event> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] value = new byte[i == 7 ? 2 << 20 : 20_000];
      many.add(
          Event.newBuilder()
              .setXattrSet(XattrSet.newBuilder().setInode(i).setValue(ByteString.copyFrom(value)))
              .build());
    }
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      log.append(0, StoredEvent.all(many));
      assertThat(TestEvents.readAll(log, 0, 1)).isEqualTo(many);
      log.truncateTo(7);
      assertThat(TestEvents.readAll(log, 0, 1 << 20)).isEqualTo(many.subList(0, 7));
    }
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      assertThat(log.nextOffset()).isEqualTo(7);
    }
  }

  @Test
  void slicesAreWholeBatches() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      appendSingly(log, 0, 200);
      for (long from = 0; from < 200; from += 7) {
        for (int maxBytes : new int[] {0, 1, 500, 5000, Integer.MAX_VALUE}) {
          checkSlice(log, from, maxBytes);
        }
      }
      try (LogSlice end = log.sliceFor(200, 1000)) {
        assertThat(end.lengthBytes()).isZero();
      }
    }
  }

  private static void checkSlice(JournalLog log, long from, int maxBytes) throws IOException {
    try (LogSlice slice = log.sliceFor(from, maxBytes)) {
      long end = slice.position() + slice.lengthBytes();
      var header = RecordBatchLayout.requireAt(slice.channel(), slice.position(), end);
      assertThat(header.baseOffset()).isEqualTo(from);
      assertThat(slice.lengthBytes()).isLessThanOrEqualTo(Math.max(maxBytes, header.sizeBytes()));
      while (header.endPosition() < end) {
        header = RecordBatchLayout.requireAt(slice.channel(), header.endPosition(), end);
      }
      assertThat(header.endPosition()).isEqualTo(end);
    }
  }

  @Test
  void aSliceOutlivesWhatHappensToItsSegment() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      appendSingly(log, 0, 100);
      try (LogSlice slice = log.sliceFor(5, 2000)) {
        ByteBuffer before = content(slice);
        log.truncateTo(6);
        log.append(6, StoredEvent.all(events(1006, 1050)));
        assertThat(content(slice)).isEqualTo(before);
        log.reset(0);
        assertThat(content(slice)).isEqualTo(before);
      }
    }
  }

  private static ByteBuffer content(LogSlice slice) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(slice.lengthBytes());
    assertThat(slice.channel().read(bytes, slice.position())).isEqualTo(slice.lengthBytes());
    return bytes.flip();
  }

  @Test
  void wakesWhoWaits() throws Exception {
    JournalLog log = JournalLog.open(dir(), SMALL);
    log.append(0, StoredEvent.all(events(0, 5)));
    assertThat(log.onAppend(4)).isCompleted();
    CompletableFuture<Void> next = log.onAppend(5);
    CompletableFuture<Void> later = log.onAppend(7);
    CompletableFuture<Void> abandoned = log.onAppend(5);
    abandoned.cancel(false);
    assertThat(log.waiting()).isEqualTo(2);
    log.append(5, StoredEvent.all(events(5, 7)));
    assertThat(next).isCompleted();
    assertThat(later).isNotDone();
    log.close();
    assertThatThrownBy(() -> later.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CurvineException.class);
    assertThat(log.waiting()).isZero();
    assertThatThrownBy(() -> log.append(7, StoredEvent.all(events(7, 8))))
        .isInstanceOf(CurvineException.class);
  }

  @Test
  void retentionDropsByBytes() throws Exception {
    JournalConfig config = new JournalConfig(4096, 10_000, Duration.ofDays(9999));
    try (JournalLog log = JournalLog.open(dir(), config, at(0))) {
      appendSingly(log, 0, 300);
      long size = log.sizeBytes();
      log.applyRetention(JournalLog.Floor.NONE);
      assertThat(log.sizeBytes()).isLessThanOrEqualTo(10_000).isLessThan(size);
      long start = log.startOffset();
      assertThat(start).isPositive();
      assertOutOfRange(() -> log.read(start - 1, 100));
      assertThat(TestEvents.readAll(log, start, 1000)).isEqualTo(events(start, 300));
      log.applyRetention(JournalLog.Floor.NONE);
      assertThat(log.startOffset()).isEqualTo(start);
      assertOutOfRange(() -> log.truncateTo(start - 1));
      assertThat(log.firstAtOrAfter(0)).contains(new TimedOffset(start, start));
    }
    try (JournalLog log = JournalLog.open(dir(), config)) {
      assertThat(log.nextOffset()).isEqualTo(300);
      log.verify();
    }
  }

  @Test
  void aFloorHoldsRetentionBackUpToItsLimit() throws Exception {
    JournalConfig config = new JournalConfig(4096, 10_000, Duration.ofDays(9999));
    try (JournalLog log = JournalLog.open(dir(), config, at(0))) {
      appendSingly(log, 0, 300);
      long size = log.sizeBytes();
      assertThat(log.applyRetention(new JournalLog.Floor(0, size))).isTrue();
      assertThat(log.startOffset()).isZero();
      assertThat(log.bytesFrom(0)).isEqualTo(size);

      assertThat(log.applyRetention(new JournalLog.Floor(50, size))).isTrue();
      long start = log.startOffset();
      assertThat(start).as("the segment of the floor stays").isBetween(1L, 50L);
      assertThat(log.read(50, 1).firstOffset()).isEqualTo(50);

      assertThat(log.applyRetention(new JournalLog.Floor(50, 20_000))).isTrue();
      assertThat(log.sizeBytes()).isBetween(10_000L, 20_000L);
      assertThat(log.startOffset()).as("beyond the limit the floor yields").isGreaterThan(50);

      assertThat(log.applyRetention(new JournalLog.Floor(299, 20_000))).isFalse();
      assertThat(log.sizeBytes()).isLessThanOrEqualTo(10_000);
    }
  }

  @Test
  void retentionDropsByAge() throws Exception {
    JournalConfig config = new JournalConfig(4096, Long.MAX_VALUE, Duration.ofSeconds(1));
    try (JournalLog log = JournalLog.open(dir(), config, at(1000))) {
      appendSingly(log, 0, 300);
      log.applyRetention(JournalLog.Floor.NONE);
      assertThat(log.startOffset()).isZero();
    }
    try (JournalLog log = JournalLog.open(dir(), config, at(1150))) {
      log.applyRetention(JournalLog.Floor.NONE);
      assertThat(log.startOffset()).isBetween(1L, 150L);
    }
    try (JournalLog log = JournalLog.open(dir(), config, at(1_000_000))) {
      log.applyRetention(JournalLog.Floor.NONE);
      // The newest segment stays however old it is.
      assertThat(log.startOffset()).isBetween(150L, 299L);
      assertThat(log.nextOffset()).isEqualTo(300);
    }
  }

  private static Clock at(long millis) {
    return Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  @Test
  void resetKeepsOffsetAndChain() throws Exception {
    String chain;
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      appendSingly(log, 0, 100);
      chain = log.chainHash();
      log.reset(100, chain);
      assertThat(log.startOffset()).isEqualTo(100);
      assertThat(log.nextOffset()).isEqualTo(100);
    }
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      assertThat(log.startOffset()).isEqualTo(100);
      assertThat(log.chainHash()).isEqualTo(chain);
      log.append(100, StoredEvent.all(events(100, 103)));
    }
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      assertThat(log.read(100, 1000).events()).isEqualTo(events(100, 103));
    }
  }

  @Test
  void linksClosedSegmentsAndRestores() throws Exception {
    Path backup = temp.resolve("backup");
    String chain;
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      appendSingly(log, 0, 150);
      log.linkTo(backup);
      chain = log.chainHash();
      Path first = JournalFiles.path(dir(), 0, JournalFiles.LOG);
      assertThat(Files.getAttribute(JournalFiles.path(backup, 0, JournalFiles.LOG), "unix:ino"))
          .isEqualTo(Files.getAttribute(first, "unix:ino"));
      appendSingly(log, 150, 170);
      log.truncateTo(3);
      assertThatThrownBy(() -> log.linkTo(backup)).isInstanceOf(IOException.class);
      // A backup that cannot be made does not harm the journal.
      log.append(3, StoredEvent.all(events(3, 4)));
    }
    JournalLog.restore(backup, dir());
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      assertThat(log.chainHash()).isEqualTo(chain);
      assertThat(TestEvents.readAll(log, 0, 1000)).isEqualTo(events(0, 150));
      log.truncateTo(10);
      log.append(10, StoredEvent.all(events(500, 600)));
    }
    try (JournalLog log = JournalLog.open(backup, SMALL)) {
      assertThat(TestEvents.readAll(log, 0, 1000)).isEqualTo(events(0, 150));
      log.verify();
    }
  }

  @Test
  void theActiveSegmentGoesOnAfterABackup() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), JournalConfig.defaults())) {
      for (int i = 0; i < 5; i++) {
        log.append(i * 2000L, StoredEvent.all(events(i * 2000L, (i + 1) * 2000L)));
      }
      log.linkTo(temp.resolve("backup"));
      log.append(10_000, StoredEvent.all(events(10_000, 10_001)));
      assertThat(JournalFiles.baseOffsets(dir())).containsExactly(0L);
    }
    try (JournalLog log = JournalLog.open(temp.resolve("backup"), JournalConfig.defaults())) {
      assertThat(log.nextOffset()).isEqualTo(10_000);
      log.append(10_000, StoredEvent.all(events(10_000, 10_001)));
      log.verify();
    }
  }

  @Test
  void findsAChangedFile() throws Exception {
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      appendSingly(log, 0, 150);
      log.verify();
      try (FileChannel file =
          FileChannel.open(
              JournalFiles.path(dir(), 0, JournalFiles.LOG), StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(new byte[] {77}), 900);
      }
      assertThatThrownBy(log::verify)
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
  }

  @Test
  void theRaftPlaceStaysWhenABatchIsCut() throws Exception {
    RaftPlace place = new RaftPlace(3, 1234);
    try (JournalLog log = JournalLog.open(dir(), SMALL);
        JournalLog shorter = JournalLog.open(temp.resolve("shorter"), SMALL)) {
      log.append(0, StoredEvent.all(events(0, 3)));
      log.append(3, StoredEvent.all(events(3, 10)), place);
      log.truncateTo(6);
      shorter.append(0, StoredEvent.all(events(0, 3)));
      shorter.append(3, StoredEvent.all(events(3, 6)), place);
    }
    Path file = JournalFiles.path(dir(), 0, JournalFiles.LOG);
    assertThat(file)
        .hasSameBinaryContentAs(JournalFiles.path(temp.resolve("shorter"), 0, JournalFiles.LOG));
    List<RaftPlace> places = new ArrayList<>();
    try (FileRecords records = FileRecords.open(file.toFile())) {
      records.batches().forEach(batch -> places.add(EventBatches.place(batch)));
    }
    assertThat(places).containsExactly(RaftPlace.UNKNOWN, place);
  }

  @Test
  void aMissingSegmentIsNotAGap() throws Exception {
    List<Long> bases;
    try (JournalLog log = JournalLog.open(dir(), SMALL)) {
      appendSingly(log, 0, 150);
      bases = JournalFiles.baseOffsets(dir());
    }
    assertThat(bases).hasSizeGreaterThan(3);
    JournalFiles.deleteSegment(dir(), bases.get(1));
    assertThatThrownBy(() -> JournalLog.open(dir(), SMALL))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }

  @Test
  void readersSeeOnlyWhatIsThereWhileItGrowsAndShrinks() throws Exception {
    try (JournalLog log =
        JournalLog.open(dir(), new JournalConfig(4096, 12_000, Duration.ofDays(9999)))) {
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      long last = 4000;
      for (int i = 0; i < 3; i++) {
        readers.add(CompletableFuture.runAsync(() -> follow(log, last)));
      }
      for (long next = 0; next < last; ) {
        long to = Math.min(last, next + 1 + next % 13);
        log.append(next, StoredEvent.all(events(next, to)));
        next = to;
        if (next % 100 == 0) {
          log.applyRetention(JournalLog.Floor.NONE);
        }
      }
      for (CompletableFuture<Void> reader : readers) {
        reader.get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static void follow(JournalLog log, long last) {
    long offset = 0;
    try {
      while (offset < last) {
        log.onAppend(offset).get(30, TimeUnit.SECONDS);
        try {
          EventSlice slice = log.read(offset, 3000);
          for (Event read : slice.events()) {
            assertThat(read).isEqualTo(event(offset++));
          }
          log.sliceFor(offset, 3000).close();
          long time = offset;
          log.firstAtOrAfter(time)
              .ifPresent(found -> assertThat(found.timestampMillis()).isGreaterThanOrEqualTo(time));
        } catch (CurvineException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
          assertThat(offset).isLessThan(log.startOffset());
          offset = log.startOffset();
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException("at offset " + offset, e);
    }
  }
}
