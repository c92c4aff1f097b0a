/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.FourthMaster;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator adds a fourth master to a running cluster, lets it lead, and removes it. */
class MembershipIT {
  @TempDir Path temp;

  @Test
  void aMasterIsAddedLeadsAndEndsWhenItIsRemoved() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1")) {
      try (FourthMaster fourth = FourthMaster.prepare(cluster, temp.resolve("fourth"))) {
        Outcome tooEarly = cluster.curvineAdmin("quorum", "add", fourth.peer());
        assertThat(tooEarly.exitCode()).isEqualTo(1);
        assertThat(tooEarly.err())
            .startsWith("curvine-admin: no master answers at ")
            .contains("first start m4 there with --join")
            .hasLineCount(1);

        fourth.launch();
        fourth.awaitOutput("master m4 serves");
        assertThat(cluster.curvineAdmin("quorum", "add", fourth.peer()).succeeded())
            .isEqualTo("m4 votes; the masters are m1, m2, m3, m4\n");
        assertThat(cluster.curvineAdmin("quorum", "transfer", "m4").succeeded())
            .startsWith("m4 leads; ");
        assertThat(masters(cluster)).contains("m1 follower", "m4 leader");
        cluster.curvine("fs", "mkdir", "/under-m4").succeeded();
        assertThat(cluster.report().get("masters")).hasSize(4);

        assertThat(cluster.curvineAdmin("quorum", "remove", "m4").succeeded())
            .endsWith("the masters are m1, m2, m3\n");
        assertThat(fourth.lastLineOfItsEnd())
            .startsWith("curvine: master m4 stopped: it was removed from the cluster");
        cluster.curvine("fs", "ls", "/under-m4").succeeded();

        fourth.launch();
        assertThat(fourth.lastLineOfItsEnd())
            .contains("which was removed from the cluster; allowed: ");
      }
    }
  }

  private static List<String> masters(LocalCluster cluster) {
    List<String> masters = new ArrayList<>();
    JsonNode list = cluster.curvineAdmin("quorum", "status", "--json").json();
    for (JsonNode each : list.get("masters")) {
      masters.add(each.get("id").asText() + " " + each.get("role").asText());
    }
    return masters;
  }
}
