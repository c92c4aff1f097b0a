/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.RaftPlace;
import io.curvine.journal.tool.FileSource;
import io.curvine.journal.tool.Finding;
import io.curvine.journal.tool.JournalDiff;
import io.curvine.journal.tool.JournalFilter;
import io.curvine.journal.tool.JournalScan;
import io.curvine.journal.tool.JournalSource;
import io.curvine.journal.tool.JournalVerify;
import io.curvine.journal.tool.RawBatch;
import io.curvine.journal.tool.ScannedEvent;
import io.curvine.master.tool.JournalPlace;
import io.curvine.master.tool.RaftLogCheck;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JournalBytes;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.ReadJournal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journals of a cluster as operators check them, while it runs and after it. */
@Timeout(180)
class JournalToolsTrioTest {
  private static final int DIRECTORIES = 60;

  @TempDir Path directory;

  @Test
  void journalsOfAllMastersAreTheSameAndAgreeWithTheirRaftLogs() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      for (int seq = 1; seq <= DIRECTORIES; seq++) {
        assertThat(trio.command(Trio.mkdir(session, seq, "/d" + seq)).getCode())
            .isEqualTo(ErrorCode.OK);
        if (seq == DIRECTORIES / 2) {
          String before = trio.leader();
          trio.stop(before);
          trio.until("another leader", () -> !trio.leader().equals(before));
          trio.start(before);
        }
      }
      long end = range(trio, trio.leader()).getNextOffset();
      for (String id : List.of("m1", "m2", "m3")) {
        trio.until(id + " has all", () -> range(trio, id).getNextOffset() >= end);
      }
      checkLive(trio, end);
      for (String id : List.of("m1", "m2", "m3")) {
        trio.stop(id);
      }
    }
    checkStopped();
    checkTampered();
  }

  private static JournalBytes range(Trio trio, String id) {
    return ask(trio, id, -1);
  }

  private static JournalBytes ask(Trio trio, String id, long from) {
    return trio.ask(
            id,
            MasterRequest.newBuilder()
                .setAdmin(
                    AdminRequest.newBuilder()
                        .setReadJournal(ReadJournal.newBuilder().setFromOffset(from)))
                .build())
        .getAdmin()
        .getJournalBytes();
  }

  private void checkLive(Trio trio, long end) throws IOException {
    List<byte[]> served = new ArrayList<>();
    for (String id : List.of("m1", "m2", "m3")) {
      JournalPlace place = JournalPlace.of(trio.directory(id));
      assertThat(place.live()).isTrue();
      assertThat(place.clusterId()).isPresent();
      JournalVerify.Report report = JournalVerify.directory(place.journal(), true, 2);
      assertThat(report.findings()).isEmpty();
      assertThat(report.nextOffset()).isGreaterThanOrEqualTo(end);
      assertThat(place.clusterId()).contains(report.clusterId());
      assertThat(RaftLogCheck.run(place).findings()).isEmpty();
      served.add(ask(trio, id, 0).getBytes().toByteArray());
    }
    List<RawBatch> batches = RawBatch.all("a master", served.get(0));
    assertThat(batches.get(0).baseOffset()).isZero();
    List<RaftPlace> places = new ArrayList<>();
    for (RawBatch batch : batches) {
      assertThat(batch.checksumFits()).isTrue();
      places.add(batch.place());
    }
    assertThat(places).allMatch(RaftPlace::known);
    assertThat(new TreeSet<>(places.stream().map(RaftPlace::index).toList())).hasSameSizeAs(places);
    byte[] first = served.get(0);
    for (byte[] other : served) {
      int both = Math.min(first.length, other.length);
      assertThat(java.util.Arrays.mismatch(first, 0, both, other, 0, both)).isNegative();
    }
  }

  private void checkStopped() throws IOException {
    List<JournalPlace> places = new ArrayList<>();
    for (String id : List.of("m1", "m2", "m3")) {
      JournalPlace place = JournalPlace.of(directory.resolve(id));
      assertThat(place.live()).isFalse();
      RaftLogCheck.Report report = RaftLogCheck.run(place);
      assertThat(report.findings()).isEmpty();
      assertThat(report.events()).isGreaterThanOrEqualTo(DIRECTORIES);
      assertThat(JournalPlace.of(place.journal()).dataDir()).isPresent();
      places.add(place);
    }
    try (JournalSource a = FileSource.directory(places.get(0).journal());
        JournalSource b = FileSource.directory(places.get(1).journal())) {
      assertThat(JournalDiff.compare(a, b).outcome()).isEqualTo(JournalDiff.Outcome.EQUAL);
    }
  }

  /** An event that was changed with its checksum, so that only other copies tell. */
  private void checkTampered() throws IOException {
    JournalPlace place = JournalPlace.of(directory.resolve("m1"));
    long offset = offsetOf(place, "d33");
    Path log;
    try (Stream<Path> files = Files.list(place.journal())) {
      log = files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(log);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("d33");
    int batch = 0;
    while (batch + 12 + buffer.getInt(batch + 8) <= at) {
      batch += 12 + buffer.getInt(batch + 8);
    }
    bytes[at] = 'x';
    CRC32C crc = new CRC32C();
    crc.update(bytes, batch + 21, 12 + buffer.getInt(batch + 8) - 21);
    buffer.putInt(batch + 17, (int) crc.getValue());
    Files.write(log, bytes);
    List<Finding> findings = RaftLogCheck.run(place).findings();
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).offset()).isEqualTo(offset);
    assertThat(findings.get(0).position()).isEqualTo(batch);
    assertThat(JournalVerify.directory(place.journal(), false, 1).findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.CHAIN);
  }

  private static long offsetOf(JournalPlace place, String name) throws IOException {
    List<Long> offsets = new ArrayList<>();
    try (JournalSource source = FileSource.directory(place.journal())) {
      JournalScan.run(
          source,
          JournalFilter.ALL,
          new JournalScan.Visitor() {
            @Override
            public boolean event(ScannedEvent scanned) {
              if (scanned
                  .event()
                  .getDirectoryMade()
                  .getInode()
                  .getName()
                  .toStringUtf8()
                  .equals(name)) {
                offsets.add(scanned.offset());
              }
              return true;
            }

            @Override
            public void problem(IOException what) {
              throw new AssertionError(what);
            }
          });
    }
    return offsets.get(0);
  }
}
