/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.FourthMaster;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.protocol.io.FileTrees;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master that can no longer do its work says why in its last line and ends, so that whoever
 * started it can start it anew; the others go on, and it comes back by itself.
 */
class MasterEndsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofSeconds(7);

  @TempDir Path temp;

  @Test
  void whateverStopsItIsItsLastLineAndTheNextStartMendsIt() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1");
        FourthMaster master =
            FourthMaster.start(cluster, temp.resolve("fourth"), "master.pause-max=5s")) {
      cluster.curvineAdmin("quorum", "add", master.peer()).succeeded();
      pause(master.pid());
      assertThat(master.lastLineOfItsEnd())
          .startsWith("curvine: master m4 stopped: ")
          .contains("after a pause of this process of more than pause_max (5000 ms)");
      comesBack(cluster, master);

      limitFiles(master.pid());
      makeFilesUntilTheEndOf(master, cluster);
      assertThat(master.lastLineOfItsEnd())
          .startsWith("curvine: master m4 stopped: ")
          .containsIgnoringCase("file too large");
      comesBack(cluster, master);

      FileTrees.delete(master.dataDir().resolve("state"));
      assertThat(cluster.curvineAdmin("snapshot", "take", "m4").exitCode()).isEqualTo(1);
      makeFilesUntilTheEndOf(master, cluster);
      assertThat(master.lastLineOfItsEnd())
          .startsWith("curvine: master m4 stopped: ")
          .contains("the state in " + master.dataDir().resolve("state"));
      comesBack(cluster, master);
    }
  }

  /** Longer than the master's pause-max. */
  private static void pause(long pid) {
    signal("STOP", pid);
    LockSupport.parkNanos(PAUSE.toNanos());
    signal("CONT", pid);
  }

  private static void signal(String name, long pid) {
    run("kill", "-" + name, Long.toString(pid));
  }

  /** No file can grow beyond a MiB from now on: what a full disk or a quota does to a write. */
  private static void limitFiles(long pid) {
    run("prlimit", "--pid", Long.toString(pid), "--fsize=" + (1 << 20));
  }

  private static void run(String... command) {
    Processes.run(Map.of(), Duration.ofSeconds(10), List.of(command)).succeeded();
  }

  /** Every file costs every master some 300 bytes in its logs. */
  private static void makeFilesUntilTheEndOf(FourthMaster master, LocalCluster cluster) {
    Await.until(
        "end of m4",
        PATIENCE,
        () -> {
          cluster
              .curvine(
                  "bench",
                  "meta",
                  "--stages",
                  "create",
                  "--concurrency",
                  "64",
                  "--warmup",
                  "0s",
                  "--duration",
                  "1s")
              .succeeded();
          return !master.isAlive();
        });
  }

  private static void comesBack(LocalCluster cluster, FourthMaster master) {
    master.launch();
    Await.until("m4 in step", PATIENCE, () -> behind(cluster) == 0);
    assertThat(master.isAlive()).isTrue();
  }

  /** How many events m4 lacks. */
  private static long behind(LocalCluster cluster) {
    JsonNode masters = cluster.curvineAdmin("quorum", "status", "--json").json().get("masters");
    long newest = 0;
    long fourth = 0;
    for (JsonNode each : masters) {
      long offset = each.get("appliedOffset").asLong();
      newest = Math.max(newest, offset);
      fourth = each.get("id").asText().equals("m4") ? offset : fourth;
    }
    return newest - fourth;
  }
}
