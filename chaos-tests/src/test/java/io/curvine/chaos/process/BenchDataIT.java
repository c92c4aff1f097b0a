/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.BenchRun;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code curvine bench data} with processes of its own. */
final class BenchDataIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temp;

  @Test
  void everyCaseMovesBytesAndIsComparedWithItsLimit() throws Exception {
    Path cluster = Files.createDirectory(temp.resolve("cluster"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "data",
            "--size=64MiB",
            "--rounds=1",
            "--warmup=100ms",
            "--duration=300ms",
            "--local-dir=" + cluster);

    List<String> cases = new ArrayList<>();
    for (JsonNode row : run.report().get("rows")) {
      String name = row.get("case").asText();
      cases.add(name + " " + row.get("threads").asInt());
      assertThat(row.get("measured").get("bytes").asLong()).as(name).isPositive();
      assertThat(row.get("measured").get("latencyMicros").get("p50").asDouble())
          .as(name)
          .isPositive();
      if (row.has("limit")) {
        assertThat(row.get("limitMeasured").get("bytes").asLong()).as(name).isPositive();
        assertThat(row.get("ratio").asDouble()).as(name).isPositive();
      }
    }
    assertThat(cases)
        .containsExactly(
            "pread 1",
            "mapped 1",
            "read 1",
            "read 4",
            "read 16",
            "read-checked 1",
            "read-local 1",
            "read-local 4",
            "read-local 16",
            "read-file 1",
            "read-random 1",
            "read-random 4",
            "read-random 16",
            "read-small 1",
            "read-vectored 1",
            "read-cold 1",
            "read-cold 4",
            "read-miss 1",
            "read-miss 4",
            "write 1",
            "write-file 1",
            "write-two 1",
            "files 1",
            "files 16");
    assertThat(run.out()).contains("write, two replicas in a chain", "OF LIMIT", "min 0.45");
    assertThat(cluster).isEmptyDirectory();
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    Outcome outcome = Processes.curvine(PATIENCE, List.of("bench"), "data", "--cases=pread");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--cases has pread").contains("read-random");
    outcome = Processes.curvine(PATIENCE, List.of("bench"), "data", "--size=100MiB");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--size is 104857600 bytes").contains("64MiB");
  }
}
