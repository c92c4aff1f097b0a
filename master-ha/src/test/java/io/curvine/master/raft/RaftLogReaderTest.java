/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RaftLogReaderTest {
  private static final int RECORD_BYTES = 1_516;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEntryThatHoldsSomethingElseIsToldAndTheOthersAreRead(boolean live) throws IOException {
    Path current =
        Files.createDirectories(directory.resolve("raft/" + UUID.randomUUID() + "/current"));
    RaftSegmentWriter.write(current.resolve("log_inprogress_30"), 30, 3);
    List<String> told = new ArrayList<>();
    RaftLogReader.of(directory, live)
        .read(
            new RaftLogReader.Visitor() {
              @Override
              public void entry(Position at, JournalEntry entry) {
                told.add("entry " + at);
              }

              @Override
              public void problem(Path file, long position, long index, String what) {
                told.add(position + " " + index);
              }
            });
    // The bytes of entry 31 happen to be a message, without events.
    assertThat(told).containsExactly("8 30", (8 + 2 * RECORD_BYTES) + " 32");
  }
}
