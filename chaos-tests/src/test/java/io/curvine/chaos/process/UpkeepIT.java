/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator has masters work on their files. */
class UpkeepIT {
  @TempDir Path temp;

  @Test
  void mastersTakeSnapshotsAndCompactWhenTheyAreAsked() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1")) {
      cluster.curvine("fs", "mkdir", "/before").succeeded();

      JsonNode taken = cluster.curvineAdmin("snapshot", "take", "--json").json();
      assertThat(taken.get("masters")).hasSize(3);
      for (JsonNode master : taken.get("masters")) {
        assertThat(snapshots(master.get("id").asText()))
            .as(taken.toString())
            .contains(master.get("snapshot").asText());
        assertThat(master.get("offset").asLong()).isPositive();
        assertThat(master.get("bytes").asLong()).isPositive();
      }
      Outcome one = cluster.curvineAdmin("snapshot", "take", "m2");
      assertThat(one.succeeded()).contains("MASTER", "m2").doesNotContain("m1");

      JsonNode compacted = cluster.curvineAdmin("db", "compact", "--json").json();
      assertThat(compacted.get("masters")).hasSize(3);
      for (JsonNode master : compacted.get("masters")) {
        assertThat(master.get("bytesBefore").asLong()).isPositive();
        assertThat(master.get("bytesAfter").asLong()).isPositive();
      }
      cluster.curvine("fs", "ls", "/before").succeeded();

      Outcome unknown = cluster.curvineAdmin("db", "compact", "m9");
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.err())
          .contains("there is no master m9; the masters are [m1, m2, m3]")
          .hasLineCount(1);
    }
  }

  @Test
  void anOperatorSeesHowTheClusterIsAndBacksItUp() throws Exception {
    String backup = temp.resolve("backup.zip").toString();
    try (LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1")) {
      cluster.curvine("fs", "mkdir", "/before").succeeded();
      assertThat(cluster.curvineAdmin("doctor").succeeded()).isEqualTo("all is well\n");

      JsonNode written = cluster.curvineAdmin("backup", "--to", backup, "--json").json();
      assertThat(written.get("offset").asLong()).isPositive();
      assertThat(cluster.curvineAdmin("backup", "--to", backup).err())
          .contains("exists; allowed: a file that does not");
      try (Stream<Path> beside = Files.list(temp)) {
        assertThat(beside.map(path -> path.getFileName().toString()))
            .containsExactlyInAnyOrder("backup.zip", "data");
      }
      String restored = temp.resolve("restored").toString();
      assertThat(
              cluster.curvineAdmin("snapshot", "restore", backup, "--into", restored).succeeded())
          .contains("restored into");

      long before = cluster.leaderPid();
      cluster.curvineAdmin("quorum", "step-down").succeeded();
      assertThat(cluster.leaderPid()).isNotEqualTo(before);
      JsonNode config = cluster.curvineAdmin("config", "show", "--effective", "--json").json();
      assertThat(config.at("/master m2/master/id/value").asText()).isEqualTo("m2");
      assertThat(config.at("/worker 1/worker").isObject()).isTrue();

      ProcessHandle.of(before).orElseThrow().destroyForcibly();
      ProcessHandle.of(before).ifPresent(gone -> gone.onExit().join());
      Outcome ill = cluster.curvineAdmin("doctor");
      assertThat(ill.exitCode()).isEqualTo(1);
      assertThat(ill.out()).contains("does not answer at 127.0.0.1:");
    }
  }

  private List<String> snapshots(String master) throws IOException {
    Path directory = temp.resolve("data/masters").resolve(master).resolve("snapshots");
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
