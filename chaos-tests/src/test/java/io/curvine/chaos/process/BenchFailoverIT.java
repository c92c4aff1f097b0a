/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.Processes;
import io.curvine.chaos.harness.RepositoryRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code curvine bench failover}: leaders die by SIGKILL under load, calls in flight go on. */
final class BenchFailoverIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temp;

  private static Outcome bench(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(RepositoryRoot.find().resolve("bin/curvine").toString(), "bench", "failover"));
    command.addAll(List.of(arguments));
    return Processes.run(Map.of("CURVINE_BUILD", "never"), PATIENCE, command);
  }

  @Test
  void nothingThatWasAcknowledgedIsLostOrDoubledWhenLeadersAreKilled() throws Exception {
    Path report = temp.resolve("report.json");
    Path masters = Files.createDirectory(temp.resolve("masters"));
    Outcome outcome =
        bench("--kills=3", "--steady=1s", "--local-dir=" + masters, "--report=" + report);

    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(Files.readString(report));
    assertThat(json.get("kills").asInt()).isEqualTo(3);
    assertThat(json.get("terms").asInt()).isGreaterThanOrEqualTo(3);
    assertThat(json.get("outageMillisP50").asDouble()).isPositive();
    assertThat(json.get("failures")).as(json.toString()).isEmpty();
    JsonNode verified = json.get("verified");
    assertThat(verified.get("expected").asLong()).isEqualTo(json.get("acknowledged").asLong());
    assertThat(verified.get("expected").asLong()).isPositive();
    assertThat(outcome.out()).contains("3 kills in", "back to serving after: p50");
    assertThat(masters).isEmptyDirectory();
  }

  @Test
  void whatCannotBeDoneIsRefusedBeforeAnythingStarts() {
    Outcome outcome = bench("--kills=-1", "--local-dir=" + temp);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--kills is -1").contains("allowed: from 0");
    assertThat(temp).isEmptyDirectory();
  }
}
