/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalPlaceTest {
  @TempDir Path directory;

  @Test
  void seesTheLockOfARunningMaster() throws IOException {
    assertThat(JournalPlace.isLocked(directory)).isFalse();
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(JournalPlace.isLocked(directory)).isFalse();
      try (FileLock lock = file.lock()) {
        assertThat(lock.isValid()).isTrue();
        assertThat(JournalPlace.isLocked(directory)).isTrue();
      }
      assertThat(JournalPlace.isLocked(directory)).isFalse();
    }
  }
}
