/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.SessionOpened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalVerifyTest {
  private static final int FLIPS = 1_500;
  private static final int EVENTS = 600;

  @TempDir Path temp;

  private Path journal(String name) throws IOException {
    return TestJournal.write(temp.resolve(name), TestJournal.events(EVENTS, 7), 7);
  }

  @Test
  void findsNothingInAWholeJournalAndChangesNothing() throws IOException {
    Path directory = journal("j");
    List<String> before = TestJournal.fingerprint(directory);
    assertThat(TestJournal.logs(directory)).hasSizeGreaterThan(5);
    JournalVerify.Report report = JournalVerify.directory(directory, false, 2);
    assertThat(report.findings()).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.events()).isEqualTo(EVENTS);
    assertThat(report.firstOffset()).isZero();
    assertThat(report.nextOffset()).isEqualTo(EVENTS);
    assertThat(report.clusterId()).isEqualTo("c-1");
    assertThat(TestJournal.fingerprint(directory)).isEqualTo(before);
    try (JournalLog log = JournalLog.open(directory, TestJournal.SMALL)) {
      assertThat(report.chainHash()).isEqualTo(log.chainHash());
    }
    for (Path file : TestJournal.logs(directory)) {
      assertThat(JournalVerify.file(file, false).findings()).isEmpty();
    }
  }

  @Test
  void everyFlippedBitIsFoundInItsFile() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("JournalVerifyTest seed " + seed);
    Random random = new Random(seed);
    Path directory = journal("j");
    List<Path> files = TestJournal.files(directory);
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < FLIPS; i++) {
      // Small files as often as large ones, half of the time.
      Path file = files.get(random.nextInt(files.size()));
      byte[] whole = Files.readAllBytes(file);
      int bit = random.nextInt(whole.length * 8);
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      String what = "seed " + seed + ", bit " + bit + " of " + file;
      List<Finding> findings = TestJournal.verify(directory);
      assertThat(findings).as(what).isNotEmpty();
      assertThat(findings.get(0).file()).as(what + ": " + findings).isEqualTo(file);
      if (file.toString().endsWith(".log")) {
        assertThat(findings.get(0).position()).as(what).isLessThanOrEqualTo(bit / 8);
        assertThat(batchEnd(whole, findings.get(0).position())).as(what).isGreaterThan(bit / 8);
      }
      kinds.add(findings.get(0).kind().name());
      Files.write(file, whole);
    }
    assertThat(kinds).contains("CHECKSUM", "INDEX", "CHAIN_FILE");
    assertThat(TestJournal.verify(directory)).isEmpty();
  }

  private static long batchEnd(byte[] file, long position) {
    return position + 12 + ByteBuffer.wrap(file).getInt((int) position + 8);
  }

  private static long lastBatch(Path log) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    long position = 0;
    while (batchEnd(bytes, position) < bytes.length) {
      position = batchEnd(bytes, position);
    }
    return position;
  }

  @Test
  void anEndThatWasTornAnywhereIsFoundOrIsNone() throws IOException {
    Path directory = journal("j");
    List<Path> logs = TestJournal.logs(directory);
    Path newest = logs.get(logs.size() - 1);
    long last = lastBatch(newest);
    byte[] whole = Files.readAllBytes(newest);
    for (int length = (int) last; length < whole.length; length++) {
      Files.write(newest, Arrays.copyOf(whole, length));
      List<Finding> findings = TestJournal.verify(directory);
      JournalVerify.Report live = JournalVerify.directory(directory, true, 1);
      assertThat(live.findings()).as("%d bytes", length).isEmpty();
      if (length == last) {
        assertThat(findings).isEmpty();
        assertThat(live.notes()).isEmpty();
      } else {
        assertThat(findings).as("%d bytes", length).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(Finding.Kind.TORN_TAIL);
        assertThat(findings.get(0).position()).isEqualTo(last);
        assertThat(live.notes().get(0)).contains("is being written");
      }
    }
  }

  @Test
  void aClosedSegmentThatIsShorterIsFound() throws IOException {
    Path directory = journal("j");
    Path closed = TestJournal.logs(directory).get(2);
    byte[] whole = Files.readAllBytes(closed);
    long last = lastBatch(closed);
    for (int length : new int[] {0, 30, 61, 100, (int) last, (int) last + 5, whole.length - 1}) {
      Files.write(closed, Arrays.copyOf(whole, length));
      List<Finding> findings = TestJournal.verify(directory);
      assertThat(findings.get(0).kind()).as("%d bytes", length).isEqualTo(Finding.Kind.TRUNCATED);
      assertThat(findings.get(0).file()).isEqualTo(closed);
    }
  }

  @Test
  void aMissingSegmentIsNamed() throws IOException {
    Path directory = journal("j");
    Path missing = TestJournal.logs(directory).get(3);
    for (Path file : TestJournal.files(directory)) {
      if (file.getFileName()
          .toString()
          .startsWith(missing.getFileName().toString().substring(0, 20))) {
        Files.delete(file);
      }
    }
    List<Finding> findings = TestJournal.verify(directory);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).kind()).isEqualTo(Finding.Kind.GAP);
    assertThat(findings.get(0).file()).isEqualTo(missing);
  }

  @Test
  void swappedSegmentsAreFoundBoth() throws IOException {
    Path directory = journal("j");
    Path one = TestJournal.logs(directory).get(1);
    Path two = TestJournal.logs(directory).get(3);
    Path aside = temp.resolve("aside");
    Files.move(one, aside);
    Files.move(two, one);
    Files.move(aside, two, StandardCopyOption.REPLACE_EXISTING);
    List<Finding> findings = TestJournal.verify(directory);
    assertThat(findings).extracting(Finding::file).contains(one, two);
    assertThat(findings.get(0).what()).contains("another segment under this name");
  }

  @Test
  void anEventThatWasReplacedWithARightChecksumBreaksTheChain() throws IOException {
    Path directory = journal("j");
    Path log = TestJournal.logs(directory).get(1);
    byte[] bytes = Files.readAllBytes(log);
    int end = (int) batchEnd(bytes, 0);
    // A letter of a path in the first batch.
    int at = new String(bytes, 0, end, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("/d");
    bytes[at + 1] = 'x';
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes, 21, end - 21);
    ByteBuffer.wrap(bytes).putInt(17, (int) crc.getValue());
    Files.write(log, bytes);
    List<Finding> findings = TestJournal.verify(directory);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).kind()).isEqualTo(Finding.Kind.CHAIN);
    assertThat(findings.get(0).file()).isEqualTo(log);
    assertThat(findings.get(0).position()).isZero();
  }

  @Test
  void goesOnBehindADamagedBatch() throws IOException {
    Path directory = journal("j");
    Path log = TestJournal.logs(directory).get(1);
    byte[] bytes = Files.readAllBytes(log);
    int second = (int) batchEnd(bytes, 0);
    int third = (int) batchEnd(bytes, second);
    bytes[100] ^= 1;
    ByteBuffer.wrap(bytes).putInt(third + 8, Integer.MAX_VALUE);
    Files.write(log, bytes);
    List<Finding> findings = TestJournal.verify(directory);
    assertThat(findings).extracting(Finding::position).containsExactly(0L, (long) third);
  }

  @Test
  void eventsOfANewerVersionAreToldFromDamage() throws IOException {
    UnknownFieldSet newer =
        UnknownFieldSet.newBuilder()
            .addField(
                99,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("\b\001"))
                    .build())
            .build();
    Event event = Event.newBuilder().setTimeNanos(5).setUnknownFields(newer).build();
    try (JournalLog log = JournalLog.open(temp.resolve("n"), TestJournal.SMALL)) {
      log.append(0, StoredEvent.all(List.of(event)));
    }
    List<Finding> findings = TestJournal.verify(temp.resolve("n"));
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).toString())
        .contains(
            "an event from a newer version: kind 99 at offset 0, this version knows up to "
                + Event.LEASE_WANTED_FIELD_NUMBER
                + ";"
                + " use a newer curvine-admin");
    assertThat(EventKinds.name(event)).isEqualTo("Unknown(99)");
  }

  @Test
  void eventsThatCannotBeDecodedAreFound() throws IOException {
    List<ByteString> wrong =
        List.of(
            ByteString.copyFrom(new byte[] {8, 5, 98, 3, 10}), // a message longer than the event
            ByteString.copyFrom(new byte[] {8, 5, 98, 3, 10, 5, 1}), // a field longer than it
            ByteString.copyFrom(new byte[] {8, 5, 90, 3, 18, 1, (byte) 0xff}), // not UTF-8
            ByteString.copyFrom(new byte[] {8, 5, 0, 0}),
            ByteString.copyFrom(new byte[] {8, (byte) 0x85}));
    Event nothing =
        Event.newBuilder().setTimeNanos(5).setSessionOpened(SessionOpened.newBuilder()).build();
    try (JournalLog log = JournalLog.open(temp.resolve("w"), TestJournal.SMALL)) {
      for (int i = 0; i < wrong.size(); i++) {
        log.append(i, List.of(new StoredEvent(nothing, wrong.get(i))));
      }
    }
    List<Finding> findings = TestJournal.verify(temp.resolve("w"));
    assertThat(findings)
        .filteredOn(finding -> finding.kind() == Finding.Kind.EVENT)
        .extracting(Finding::offset)
        .containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void theShapeOfRandomBytesAgreesWithTheDecoder() {
    long seed = new Random().nextLong();
    System.out.println("JournalVerifyTest shape seed " + seed);
    Random random = new Random(seed);
    EventShape shape = new EventShape();
    List<Event> events = TestJournal.events(200, seed);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = events.get(random.nextInt(events.size())).toByteArray();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      shape.look(bytes, 0, bytes.length);
      boolean decodes = decodes(bytes);
      // Groups, which no version of this writes, are the one thing that only the decoder takes.
      if (!decodes) {
        refused++;
        assertThat(shape.problem()).as("seed %d, %s", seed, Arrays.toString(bytes)).isNotEmpty();
      } else if (!shape.problem().isEmpty()) {
        assertThat(shape.problem()).contains("of a form that is none");
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  private static boolean decodes(byte[] bytes) {
    try {
      Event unused = Event.parseFrom(bytes);
      return true;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }

  @Test
  void foreignFilesAndLeftoversAndTimesAndASecondClusterAreFound() throws IOException {
    Path directory = temp.resolve("j");
    List<Event> events = TestJournal.events(10, 1);
    List<Event> odd = new java.util.ArrayList<>(events);
    odd.set(4, events.get(3));
    odd.set(3, events.get(4));
    odd.set(7, events.get(0).toBuilder().setTimeNanos(events.get(7).getTimeNanos()).build());
    TestJournal.write(directory, odd, 1);
    Files.writeString(directory.resolve("notes.txt"), "x");
    Files.writeString(directory.resolve("99999999999999999999.log"), "x");
    Files.writeString(directory.resolve("00000000000000000000.index.tmp"), "x");
    JournalVerify.Report report = JournalVerify.directory(directory, false, 1);
    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(
            Finding.Kind.FOREIGN_FILE,
            Finding.Kind.FOREIGN_FILE,
            Finding.Kind.TIME,
            Finding.Kind.OTHER_CLUSTER);
    assertThat(report.notes()).hasSize(1);
    assertThatThrownBy(() -> JournalVerify.file(directory.resolve("notes.txt"), false))
        .hasMessageContaining("allowed: a name of 20 digits and .log");
  }

  @Test
  void aJournalThatGrowsMeanwhileIsWhole() throws Exception {
    List<Event> events = TestJournal.events(3000, 5);
    JournalConfig config = TestJournal.SMALL;
    Path directory = temp.resolve("live");
    try (JournalLog log = JournalLog.open(directory, config)) {
      CompletableFuture<Void> appending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  TestJournal.append(log, events, new Random(5));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      long seen = 0;
      do {
        boolean last = appending.isDone();
        JournalVerify.Report report = JournalVerify.directory(directory, true, 2);
        assertThat(report.findings()).isEmpty();
        assertThat(report.nextOffset()).isGreaterThanOrEqualTo(seen);
        seen = report.nextOffset();
        if (last) {
          break;
        }
      } while (true);
      appending.get(30, TimeUnit.SECONDS);
      assertThat(seen).isEqualTo(3000);
    }
  }

  @Test
  void anOlderIndexOfASegmentThatIsOpenAgainIsRight() throws IOException {
    Path directory = journal("j");
    List<Path> logs = TestJournal.logs(directory);
    Path last = logs.get(logs.size() - 1);
    // Stopped between the end of one segment and the beginning of the next.
    String name = last.getFileName().toString().substring(0, 20);
    Files.delete(last);
    Files.delete(directory.resolve(name + ".chain"));
    assertThat(TestJournal.verify(directory)).isEmpty();
    try (JournalLog log = JournalLog.open(directory, JournalConfig.defaults())) {
      TestJournal.append(log, TestJournal.events(EVENTS, 7), new Random(3));
    }
    assertThat(TestJournal.verify(directory)).isEmpty();
    try (FileChannel file =
        FileChannel.open(
            directory
                .resolve(last.getFileName().toString())
                .resolveSibling(
                    logs.get(logs.size() - 2).getFileName().toString().replace(".log", ".index")),
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), 60);
    }
    assertThat(TestJournal.verify(directory))
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.INDEX);
  }
}
