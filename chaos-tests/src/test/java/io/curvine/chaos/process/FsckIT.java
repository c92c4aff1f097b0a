/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.Processes;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator checks a cluster, and has it mended. */
class FsckIT {
  private static final List<String> MASTERS = List.of("m1", "m2", "m3");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path temp;

  @Test
  void aClusterIsCheckedWhileItServesAndMendedAfterDamage() throws Exception {
    Path data = temp.resolve("data");
    Path local = Files.writeString(temp.resolve("local"), "content");
    try (LocalCluster cluster = LocalCluster.start(data, "--workers", "1")) {
      cluster.curvine("fs", "ls", "/").succeeded();
      assertThat(cluster.curvineAdmin("fsck", "--ufs").succeeded()).contains("nothing found");
      // What is written from here on is at the worker and nowhere else.
      cluster.curvine("umount", "/").succeeded();
      cluster.curvine("fs", "mkdir", "/d").succeeded();
      cluster.curvine("fs", "put", local.toString(), "/d/f").succeeded();
      JsonNode sound = cluster.curvineAdmin("fsck", "--all", "--ufs", "--json").json();
      assertThat(sound.get("clean").asBoolean()).as(sound.toString()).isTrue();
      assertThat(sound.get("states")).hasSize(3);
      assertThat(sound.get("states").get(0).get("skipped")).isEmpty();
      assertThat(sound.get("states").get(0).get("unknown")).isEmpty();
      Outcome alive = cluster.curvineAdmin("worker", "forget", "1");
      assertThat(alive.exitCode()).isEqualTo(1);
      assertThat(alive.err()).contains("worker 1 lives");
      assertThat(cluster.curvineAdmin("fsck", "--repair").succeeded()).contains("nothing found");

      // The worker is started again at once, without the disk that it had.
      Files.move(data.resolve("workers/w1"), temp.resolve("lost-disk"));
      Processes.kill9(cluster.report().get("workers").get(0).get("pid").asLong());
      Await.until("the block that was lost with its worker", PATIENCE, () -> finds(cluster));
      cluster.close();

      for (String master : MASTERS) {
        Path directory = data.resolve("masters").resolve(master);
        assertThat(cluster.curvineAdmin("fsck", directory.toString()).succeeded())
            .contains("nothing found");
        loseName(directory);
      }
      Outcome stopped =
          cluster.curvineAdmin("fsck", data.resolve("masters").resolve("m1").toString());
      assertThat(stopped.exitCode()).as(stopped.out()).isEqualTo(1);
      assertThat(stopped.out()).contains("nameless-inode");

      cluster.startAgain();
      assertThat(cluster.curvine("fs", "stat", "/d/f").exitCode()).isNotZero();
      Outcome plan = cluster.curvineAdmin("fsck", "--repair", "--dry-run", "--again-after", "1");
      assertThat(plan.exitCode()).isEqualTo(1);
      assertThat(plan.out()).contains("it comes back there where that is free");
      Outcome repaired = cluster.curvineAdmin("fsck", "--repair", "--again-after", "1");
      assertThat(repaired.out()).contains("mended: 1", "m3 has it as it was in snapshot");
      // Nobody has heard of what the worker without its disk holds, until it is said to be gone.
      assertThat(repaired.exitCode()).isEqualTo(1);
      assertThat(repaired.err()).contains("has not been reported: 1 at ");
      cluster.curvineAdmin("worker", "forget", "1").succeeded();
      assertThat(cluster.report().get("workers")).hasSize(1);
      cluster.curvine("fs", "stat", "/d/f").succeeded();
      cluster.curvineAdmin("state", "hash").succeeded();
      assertThat(finds(cluster)).as("the lost block").isTrue();
      cluster.curvine("fs", "rm", "/d/f").succeeded();
      cluster.curvineAdmin("fsck", "--all").succeeded();
    }
  }

  private static boolean finds(LocalCluster cluster) throws IOException {
    Outcome outcome = cluster.curvineAdmin("fsck", "--json", "--again-after", "0");
    JsonNode findings =
        new ObjectMapper().readTree(outcome.out()).get("states").get(0).get("findings");
    if (findings.isEmpty()) {
      return false;
    }
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).get("kind").asText()).isEqualTo("lost-block");
    assertThat(findings.get(0).get("path").asText()).isEqualTo("/d/f");
    return true;
  }

  /** The file's name goes from the state of a master that is stopped. */
  private static void loseName(Path master) throws IOException {
    Path database =
        StateDirectory.current(master.resolve("state"))
            .orElseThrow()
            .resolve(SnapshotStore.DATABASE);
    try (StateStore store = StateStore.open(database, StoreSettings.small(), () -> {})) {
      Overlay rows = new Overlay(store);
      long d = store.get(ColumnFamily.DENTRIES, Keys.of(1, ByteString.copyFromUtf8("d")));
      rows.delete(ColumnFamily.DENTRIES, Keys.of(d, ByteString.copyFromUtf8("f")));
      store.writeFolded(rows);
    }
  }
}
