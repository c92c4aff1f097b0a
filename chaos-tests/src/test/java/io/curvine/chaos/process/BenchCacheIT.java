/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.BenchRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code curvine bench cache} with processes of its own. */
final class BenchCacheIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temp;

  @Test
  void aWorkerIsFilledReadFromAndStartedAgain() throws Exception {
    Path cluster = Files.createDirectory(temp.resolve("cluster"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "cache",
            "--blocks=1500",
            "--readers=4",
            "--duration=1s",
            "--local-dir=" + cluster);
    JsonNode report = run.report();
    assertThat(report.get("blocks").asInt()).isEqualTo(1500);
    assertThat(report.get("readsPerSecond").asDouble()).isPositive();
    assertThat(report.get("restartMillis").asLong()).isPositive();
    for (String when : new String[] {"empty", "filled", "readFrom"}) {
      JsonNode memory = report.get(when);
      assertThat(memory.get("anonymousBytes").asLong()).as(when).isPositive();
      assertThat(memory.get("residentBytes").asLong())
          .as(when)
          .isGreaterThan(memory.get("anonymousBytes").asLong());
    }
    assertThat(run.out()).contains("1,500 blocks of 4 KiB, 4 readers", "worker, read from:");
    assertThat(cluster).isEmptyDirectory();
  }
}
