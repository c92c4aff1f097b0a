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

/** {@code curvine bench fuse} with processes and mounts of its own. */
final class BenchFuseIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temp;

  @Test
  void everyCaseIsMeasuredBesideWhatItIsComparedWith() throws Exception {
    Path cluster = Files.createDirectory(temp.resolve("cluster"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "fuse",
            "--rounds=1",
            "--warmup-rounds=0",
            "--turn=100ms",
            "--size=8MiB",
            "--files=10",
            "--creates=16",
            "--entries=200",
            "--clone-files=30",
            "--local-dir=" + cluster);

    List<String> cases = new ArrayList<>();
    for (JsonNode row : run.report().get("rows")) {
      String name = row.get("case").asText() + " " + row.get("jobs").asInt();
      cases.add(name);
      if (row.get("note").asText().startsWith("skipped")) {
        assertThat(row.get("note").asText()).as(name).contains("in PATH");
      } else {
        assertThat(row.get("ratio").asDouble()).as(name).isPositive();
        for (String side : new String[] {"mount", "other"}) {
          assertThat(row.get(side).get("operations").asLong()).as(name).isPositive();
        }
      }
    }
    assertThat(cases)
        .containsExactly(
            "read 1",
            "read 4",
            "read 1",
            "read 4",
            "read-random 1",
            "read-random 4",
            "read-random 1",
            "read-random 4",
            "read-cached 1",
            "read-cached 4",
            "read-cached 1",
            "read-cached 4",
            "read-reopened 1",
            "read-reopened 4",
            "read-reopened 1",
            "read-reopened 4",
            "stat 4",
            "stat-cached 4",
            "open-cached 4",
            "create 8",
            "write 1",
            "list 1",
            "clone 1");
    assertThat(run.report().get("memory").get("residentBytesMost").asLong()).isPositive();
    assertThat(run.out()).contains("sequential read, 1 MiB", "RATIO", "resident at most");
    assertThat(cluster).isEmptyDirectory();
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    Outcome outcome = Processes.curvine(PATIENCE, List.of("bench"), "fuse", "--cases=wrong");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--cases has 'wrong'").contains("read-random");
    outcome = Processes.curvine(PATIENCE, List.of("bench"), "fuse", "--size=5MiB");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--size is 5242880 bytes").contains("4 MiB");
  }
}
