/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.cli.Sections;
import io.curvine.cli.config.ConfigLoader;
import io.curvine.master.MasterConfig;
import io.curvine.worker.WorkerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPlanTest {
  private final LocalPlan plan =
      new LocalPlan(Path.of("/data"), 8995, 2, "10GiB", Optional.of(Path.of("/mnt/x")));

  @Test
  void defaultPortsAreTheDocumentedOnes() {
    NodeSpec last = plan.masters().get(2);
    assertThat(last.address("RPC")).isEqualTo("127.0.0.1:8997");
    assertThat(last.address("Raft")).isEqualTo("127.0.0.1:9097");
    assertThat(last.address("FEED")).isEqualTo("127.0.0.1:9197");
    assertThat(last.address("HTTP")).isEqualTo("127.0.0.1:9297");
    assertThat(plan.workerNodes().get(1).address("DATA")).isEqualTo("127.0.0.1:9396");
    assertThat(plan.workerNodes().get(1).address("HTTP")).isEqualTo("127.0.0.1:9496");
    assertThat(plan.mount().orElseThrow().address("HTTP")).isEqualTo("127.0.0.1:9595");
    assertThat(plan.masterRpcs()).isEqualTo("127.0.0.1:8995,127.0.0.1:8996,127.0.0.1:8997");
  }

  @Test
  void noPortIsUsedTwice() {
    assertThat(
            plan.all().stream().flatMap(node -> node.ports().stream()).map(LocalPlan.Port::number))
        .doesNotHaveDuplicates()
        .hasSize(3 * 4 + 2 * 2 + 1);
  }

  @Test
  void settingsOfNodesAreKeysThatExist() {
    ConfigLoader loader = new ConfigLoader(Sections.ALL);
    for (NodeSpec master : plan.masters()) {
      assertThat(master.settings()).contains("master.secrets-key-file=/data/secrets.key");
      assertThat(
              loader
                  .load(Optional.empty(), Map.of(), master.settings())
                  .get(MasterConfig.class)
                  .id())
          .isEqualTo(master.id());
    }
    for (NodeSpec worker : plan.workerNodes()) {
      WorkerConfig config =
          loader.load(Optional.empty(), Map.of(), worker.settings()).get(WorkerConfig.class);
      assertThat("127.0.0.1:" + config.dataPort()).isEqualTo(worker.address("DATA"));
      assertThat(config.dirSpecs().get(0).path()).isEqualTo(worker.directory().resolve("cache"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 64_936, 70_000})
  void basePortLeavesRoomForTheOthers(int port) {
    LocalPlan wrong = new LocalPlan(Path.of("/data"), port, 2, "1GiB", Optional.empty());
    assertThatThrownBy(wrong::checked)
        .hasMessage("--base-port is " + port + "; allowed: 1 to 64935");
  }

  @Test
  void workersAreBounded() {
    for (int workers : List.of(0, 51)) {
      LocalPlan wrong = new LocalPlan(Path.of("/data"), 8995, workers, "1GiB", Optional.empty());
      assertThatThrownBy(wrong::checked)
          .hasMessage("--workers is " + workers + "; allowed: 1 to 50");
    }
  }
}
