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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benches that start masters of their own, and kill them. */
final class BenchTrioIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temp;

  private static Outcome bench(String... arguments) {
    return Processes.curvine(PATIENCE, List.of("bench"), arguments);
  }

  @Test
  void nothingThatWasAcknowledgedIsLostOrDoubledWhenLeadersAreKilled() throws Exception {
    Path masters = Files.createDirectory(temp.resolve("masters"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "failover",
            "--kills=3",
            "--steady=1s",
            "--local-dir=" + masters);

    JsonNode json = run.report();
    assertThat(json.get("kills").asInt()).isEqualTo(3);
    assertThat(json.get("terms").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(json.get("outageMillisP50").asDouble()).isPositive();
    assertThat(json.get("failures")).as(json.toString()).isEmpty();
    JsonNode verified = json.get("verified");
    assertThat(verified.get("expected").asLong()).isEqualTo(json.get("acknowledged").asLong());
    assertThat(verified.get("expected").asLong()).isPositive();
    assertThat(run.out()).contains("3 kills in", "back to serving after: p50");
    assertThat(masters).isEmptyDirectory();
  }

  @Test
  void whatCannotBeDoneIsRefusedBeforeAnythingStarts() {
    Outcome outcome = bench("failover", "--kills=-1", "--local-dir=" + temp);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--kills is -1").contains("allowed: from 0");
    outcome = bench("disturb", "--what=flood", "--local-dir=" + temp);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--what has 'flood'").contains("follower-back");
    outcome = bench("scale", "--files=200,100", "--local-dir=" + temp);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("each more than the last");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void nothingIsLostInAnyDisturbance() throws Exception {
    Path masters = Files.createDirectory(temp.resolve("masters"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "disturb",
            "--rounds=1",
            "--files=20000",
            "--warmup=1s",
            "--steady=2s",
            "--local-dir=" + masters,
            "--set=master.snapshot-entries=100",
            "--set=master.raft-segment=256KiB");

    JsonNode json = run.report();
    assertThat(json.get("rows")).hasSize(5);
    for (JsonNode row : json.get("rows")) {
      assertThat(row.get("perSecond").asDouble()).as(row.toString()).isPositive();
      assertThat(row.get("perSecondBefore").asDouble()).as(row.toString()).isPositive();
    }
    assertThat(json.get("failures")).as(json.toString()).isEmpty();
    assertThat(json.get("verified").get("expected").asLong()).isGreaterThan(20_000);
    assertThat(run.out()).contains("a wiped follower gets a snapshot", "0 missing, 0 surplus");
    assertThat(masters).isEmptyDirectory();
  }

  @Test
  void aStartIsMeasuredAfterAllMastersWereKilled() throws Exception {
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "scale",
            "--files=1000,20000",
            "--warmup=1s",
            "--duration=1s",
            "--local-dir=" + temp);

    JsonNode levels = run.report().get("levels");
    assertThat(levels).hasSize(2);
    assertThat(levels.get(1).get("files").asLong()).isGreaterThanOrEqualTo(20_000);
    for (JsonNode level : levels) {
      assertThat(level.get("createsPerSecond").asDouble()).isPositive();
      assertThat(level.get("residentBytes").asLong()).isGreaterThan(50L << 20);
      assertThat(level.get("journalBytes").asLong()).isPositive();
      assertThat(level.get("restartMillis").asLong()).isPositive();
    }
  }
}
