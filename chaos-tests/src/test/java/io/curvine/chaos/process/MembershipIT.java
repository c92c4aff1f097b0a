/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.RepositoryRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator adds a fourth master to a running cluster, lets it lead, and removes it. */
class MembershipIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  @Test
  void aMasterIsAddedLeadsAndEndsWhenItIsRemoved() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1")) {
      Path log = temp.resolve("m4.log");
      String fourth = peer(cluster, 4);
      Outcome tooEarly = cluster.curvineAdmin("masters", "add", fourth);
      assertThat(tooEarly.exitCode()).isEqualTo(1);
      assertThat(tooEarly.err())
          .startsWith("curvine-admin: no master answers at ")
          .contains("first start m4 there with --join")
          .hasLineCount(1);

      Process master = startFourth(cluster, log);
      try {
        awaitLog(log, "master m4 serves");
        assertThat(cluster.curvineAdmin("masters", "add", fourth).succeeded())
            .isEqualTo("m4 votes; the masters are m1, m2, m3, m4\n");
        assertThat(cluster.curvineAdmin("masters", "transfer", "m4").succeeded())
            .startsWith("m4 leads; ");
        assertThat(masters(cluster)).contains("m1 follower", "m4 leader");
        cluster.curvine("fs", "mkdir", "/under-m4").succeeded();
        assertThat(cluster.report().get("masters")).hasSize(4);

        assertThat(cluster.curvineAdmin("masters", "remove", "m4").succeeded())
            .endsWith("the masters are m1, m2, m3\n");
        assertThat(master.waitFor(60, TimeUnit.SECONDS)).as("m4 ends").isTrue();
      } finally {
        master.destroyForcibly();
      }
      assertThat(master.exitValue()).isEqualTo(1);
      List<String> said = Files.readAllLines(log);
      assertThat(said.get(said.size() - 1))
          .startsWith("curvine: master m4 stopped: it was removed from the cluster");
      cluster.curvine("fs", "ls", "/under-m4").succeeded();

      Process again = startFourth(cluster, log);
      assertThat(again.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(again.exitValue()).isEqualTo(1);
      assertThat(Files.readString(log)).contains("which was removed from the cluster; allowed: ");
    }
  }

  private static Process startFourth(LocalCluster cluster, Path log) throws IOException {
    List<String> peers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      peers.add(peer(cluster, i));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            RepositoryRoot.find().resolve("bin/curvine").toString(),
            "master",
            "--join",
            "--set",
            "master.id=m4",
            "--set",
            "master.data-dir=" + log.resolveSibling("m4"),
            "--set",
            "master.cluster-peers=" + String.join(",", peers));
    builder.environment().put("CURVINE_BUILD", "never");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String peer(LocalCluster cluster, int number) {
    int rpc = cluster.basePort() + number - 1;
    return "m%d=127.0.0.1:%d:%d:%d:%d".formatted(number, rpc + 100, rpc, rpc + 200, rpc + 300);
  }

  private static void awaitLog(Path log, String text) {
    Await.until(text, Duration.ofSeconds(60), () -> Files.readString(log).contains(text));
  }

  private static List<String> masters(LocalCluster cluster) throws IOException {
    List<String> masters = new ArrayList<>();
    JsonNode list = JSON.readTree(cluster.curvineAdmin("masters", "--json").succeeded());
    for (JsonNode each : list.get("masters")) {
      masters.add(each.get("id").asText() + " " + each.get("role").asText());
    }
    return masters;
  }
}
