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

      JsonNode compacted = cluster.curvineAdmin("compact", "--json").json();
      assertThat(compacted.get("masters")).hasSize(3);
      for (JsonNode master : compacted.get("masters")) {
        assertThat(master.get("bytesBefore").asLong()).isPositive();
        assertThat(master.get("bytesAfter").asLong()).isPositive();
      }
      cluster.curvine("fs", "ls", "/before").succeeded();

      Outcome unknown = cluster.curvineAdmin("compact", "m9");
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.err())
          .contains("there is no master m9; the masters are [m1, m2, m3]")
          .hasLineCount(1);
    }
  }

  private List<String> snapshots(String master) throws IOException {
    Path directory = temp.resolve("data/masters").resolve(master).resolve("snapshots");
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
