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

/** {@code curvine bench meta} as a person runs it, for moments instead of minutes. */
final class BenchMetaIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path temp;

  private static Outcome bench(String... arguments) {
    return Processes.curvine(PATIENCE, List.of("bench", "meta"), arguments);
  }

  @Test
  void measuresEachStageOnRealFilesAndLeavesNothingBehind() throws Exception {
    Path masters = Files.createDirectory(temp.resolve("masters"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "meta",
            "--local",
            "--local-dir=" + masters,
            "--stages=echo,fsync,create,stat,open,rename,list,mkdir,delete",
            "--mix=stat=8,create=2",
            "--concurrency=8",
            "--clients=2",
            "--warmup=100ms",
            "--duration=500ms",
            "--fill=300ms",
            "--by=child",
            "--depth=3",
            "--verify-after");

    JsonNode json = run.report();
    List<String> stages = new ArrayList<>();
    for (JsonNode row : json.get("rows")) {
      stages.add(row.get("stage").asText());
      assertThat(row.get("failed").asLong()).as(row.toString()).isZero();
      assertThat(row.get("calls").asLong()).as(row.toString()).isPositive();
      assertThat(row.get("latencyMillis").get("p50").asDouble()).isPositive();
    }
    assertThat(stages)
        .containsExactly(
            "fsync",
            "echo",
            "create",
            "stat",
            "open",
            "rename",
            "list",
            "mkdir",
            "delete",
            "mix",
            "mix: create",
            "mix: stat");
    JsonNode create = json.get("rows").get(2);
    assertThat(create.get("ofEcho").asDouble()).isPositive();
    assertThat(create.get("cpu")).hasSize(5); // three masters, two clients
    JsonNode verified = json.get("verified");
    assertThat(verified.get("expected").asLong()).isPositive();
    assertThat(verified.get("missing").asLong()).isZero();
    assertThat(verified.get("surplus").asLong()).isZero();
    assertThat(run.out()).contains("STAGE", "OPS/S", "OF ECHO", "mix: stat");
    assertThat(masters).isEmptyDirectory();
  }

  @Test
  void callsWithManyOperationsDoEachOfThem() throws Exception {
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "meta",
            "--local",
            "--local-dir=" + temp,
            "--stages=delete,create,stat,rename,mkdir",
            "--batch=50",
            "--concurrency=4",
            "--warmup=100ms",
            "--duration=500ms",
            "--fill=500ms",
            "--verify-after");

    JsonNode json = run.report();
    List<String> batches = new ArrayList<>();
    for (JsonNode row : json.get("rows")) {
      assertThat(row.get("failed").asLong()).as(row.toString()).isZero();
      if (row.has("ofSingle")) {
        batches.add(row.get("stage").asText());
        assertThat(row.get("operations").asLong())
            .as(row.toString())
            .isPositive()
            .isGreaterThan(row.get("calls").asLong());
      }
    }
    assertThat(batches)
        .containsExactly("delete x50", "create x50", "stat x50", "rename x50", "mkdir x50");
    assertThat(json.get("verified").get("expected").asLong()).isPositive();
    assertThat(run.out()).contains("times single");
  }

  @Test
  void whatCannotBeMeasuredIsRefusedBeforeAnythingStarts() {
    Outcome outcome = bench("--local", "--local-dir=" + temp, "--stages=create,copy");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("stage 'copy' is not known; allowed: echo").hasLineCount(1);
    assertThat(temp).isEmptyDirectory();
  }
}
