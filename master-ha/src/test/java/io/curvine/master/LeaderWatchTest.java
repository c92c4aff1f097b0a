/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderWatchTest {
  private static final Duration PATIENCE_MIN = Duration.ofSeconds(12);
  private static final Duration PATIENCE_MAX = Duration.ofSeconds(13);

  @TempDir Path directory;

  @Test
  void aLeaderWhosePortIsClosedIsReplacedLongBeforeTheElectionTimeout() throws IOException {
    try (Trio trio =
        new Trio(directory, config -> config.withElectionTimeout(PATIENCE_MIN, PATIENCE_MAX))) {
      trio.startAll();
      String first = trio.leader();
      trio.stop(first);
      long stopped = System.nanoTime();
      assertThat(trio.leader()).isNotEqualTo(first);
      // Any later, and an election timeout could have done it.
      assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(PATIENCE_MIN);
    }
  }
}
