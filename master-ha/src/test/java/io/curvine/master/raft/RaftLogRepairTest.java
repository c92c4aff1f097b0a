/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.disk.Quarantine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftLogRepairTest {
  private static final int PAGE = 4096;

  @TempDir Path directory;
  private final UUID group = UUID.randomUUID();
  private Path current;
  private Probation probation;

  /** Entries 10 to 19, 20 to 29, and 30 to 39. */
  @BeforeEach
  void write() throws IOException {
    current = Files.createDirectories(directory.resolve("raft/" + group + "/current"));
    probation = Probation.open(directory);
    RaftSegmentWriter.write(current.resolve("log_10-19"), 10, 10);
    RaftSegmentWriter.write(current.resolve("log_20-29"), 20, 10);
    RaftSegmentWriter.write(current.resolve("log_inprogress_30"), 30, 10);
    Files.writeString(current.resolve("raft-meta"), "term=5\nvotedFor=m1\n");
  }

  private void repair(long applied, boolean alone) throws IOException {
    Quarantine quarantine = new Quarantine(directory.resolve("quarantine"), Clock.systemUTC());
    new RaftLogRepair(
            new RaftLogFiles(directory.resolve("raft"), group), quarantine, probation, alone)
        .run(new Position(3, applied));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(current)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private RaftSegment.Content content(String name, long first) throws IOException {
    return RaftSegment.read(current.resolve(name), first);
  }

  /** Where the n-th entry of a file begins. */
  private static int start(int entry) {
    return 8 + entry * recordBytes();
  }

  private static int recordBytes() {
    // Two bytes of length, 10 of field headers, term and index, the data, and the checksum.
    return 1_516;
  }

  private void change(String name, int at, int length, byte value) throws IOException {
    byte[] bytes = Files.readAllBytes(current.resolve(name));
    Arrays.fill(bytes, at, at + length, value);
    Files.write(current.resolve(name), bytes);
  }

  @Test
  void leavesAGoodLogAlone() throws IOException {
    repair(12, true);
    assertThat(names()).containsExactly("log_10-19", "log_20-29", "log_inprogress_30", "raft-meta");
    assertThat(content("log_inprogress_30", 30))
        .isEqualTo(new RaftSegment.Content(RaftSegment.Ending.WHOLE, 10, start(10), 3, ""));
    assertThat(directory.resolve("quarantine")).doesNotExist();
    assertThat(probation.active()).isFalse();
  }

  @Test
  void cutsAnEntryThatWasNotWhollyWritten() throws IOException {
    // From inside the ninth to the end: the process died in the middle of a write.
    int length = (int) Files.size(current.resolve("log_inprogress_30"));
    change("log_inprogress_30", start(8) + 700, length - start(8) - 700, (byte) 0);
    repair(12, true);
    assertThat(content("log_inprogress_30", 30))
        .isEqualTo(new RaftSegment.Content(RaftSegment.Ending.WHOLE, 8, start(8), 3, ""));
    assertThat(probation.active()).isFalse();
    assertThat(directory.resolve("quarantine")).isNotEmptyDirectory();
  }

  @Test
  void cutsAPageThatNeverReachedTheDiskWithWhatFollowsIt() throws IOException {
    change("log_inprogress_30", PAGE, PAGE, (byte) 0);
    repair(12, false);
    assertThat(content("log_inprogress_30", 30).entries()).isEqualTo(2);
    assertThat(probation.active()).isFalse();
  }

  @Test
  void doesNotVoteAfterAChangedByte() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      write();
      int entry = random.nextInt(10);
      int at = start(entry) + 20 + random.nextInt(recordBytes() - 20);
      byte[] bytes = Files.readAllBytes(current.resolve("log_inprogress_30"));
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(current.resolve("log_inprogress_30"), bytes);
      repair(12, false);
      assertThat(probation.active()).as("byte %d", at).isTrue();
      if (entry > 0) {
        assertThat(content("log_inprogress_30", 30).entries()).isEqualTo(entry);
      } else {
        assertThat(names()).doesNotContain("log_inprogress_30");
      }
      probation.end("test");
    }
  }

  @Test
  void aMissingFileLeavesNoGap() throws IOException {
    Files.delete(current.resolve("log_20-29"));
    repair(12, false);
    assertThat(names()).containsExactly("log_10-19", "raft-meta");
    assertThat(probation.active()).isTrue();
  }

  @Test
  void whatTheStateHasIsNotMissed() throws IOException {
    change("log_20-29", start(5) + 100, 1, (byte) 0x55);
    repair(29, true);
    assertThat(names()).containsExactly("log_inprogress_30", "raft-meta");
    assertThat(probation.active()).isFalse();
  }

  @Test
  void aLogThatEndsBeforeTheStateBeginsAnew() throws IOException {
    change("log_inprogress_30", start(5) + 100, 1, (byte) 0x55);
    repair(37, false);
    assertThat(names()).containsExactly("raft-meta");
    assertThat(probation.active()).as("38 and 39 are lost").isTrue();
  }

  @Test
  void aDamagedClosedFileIsTheOneThatIsWritten() throws IOException {
    change("log_20-29", start(5) + 100, 1, (byte) 0x55);
    repair(21, false);
    assertThat(names()).containsExactly("log_10-19", "log_inprogress_20", "raft-meta");
    assertThat(content("log_inprogress_20", 20).entries()).isEqualTo(5);
    assertThat(probation.active()).isTrue();
  }

  @Test
  void aSingleMasterDoesNotGiveUpItsOnlyCopy() throws IOException {
    change("log_inprogress_30", start(5) + 100, 1, (byte) 0x55);
    byte[] before = Files.readAllBytes(current.resolve("log_inprogress_30"));
    assertThatThrownBy(() -> repair(12, true))
        .hasMessageContaining("entry 35 is not what was written")
        .hasMessageContaining("restore the directory from a backup");
    assertThat(current.resolve("log_inprogress_30")).hasBinaryContent(before);
  }

  @Test
  void aFileThatEndsInAnEntryWasTornOrCut() throws IOException {
    Path file = current.resolve("log_inprogress_30");
    byte[] cut = Arrays.copyOf(Files.readAllBytes(file), start(7) + 900);
    Files.write(file, cut);
    repair(12, true);
    assertThat(content("log_inprogress_30", 30).entries()).isEqualTo(7);
    Files.write(file, cut);
    repair(12, false);
    assertThat(content("log_inprogress_30", 30).entries()).isEqualTo(7);
    assertThat(probation.active()).as("perhaps somebody cut it off").isTrue();
  }

  @Test
  void aLostVoteIsNotGivenAgain() throws IOException {
    Files.writeString(current.resolve("raft-meta"), "te\0\0");
    repair(12, false);
    assertThat(current.resolve("raft-meta")).hasContent("term=3\nvotedFor=\n");
    assertThat(probation.active()).isTrue();
    assertThat(probation.isNew()).isFalse();
  }
}
