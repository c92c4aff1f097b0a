/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.Corpus;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that only workers have, while one of these is lost with its disk, and another drained. */
final class ReplicationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int FILES = 8;

  @TempDir private Path temp;

  @Test
  void filesOutliveAWorkerThatIsLostAndOneThatLeaves() throws Exception {
    Path data = temp.resolve("data");
    List<String> hashes = new ArrayList<>();
    try (LocalCluster cluster =
            LocalCluster.start(
                data,
                "--workers",
                "3",
                "--set",
                "master.worker-lease=2s",
                "--set",
                "master.dead-worker-after=3s",
                "--set",
                "master.replicate-after=4s");
        CurvineClient client = Clients.connect(cluster)) {
      cluster.curvine("umount", "/").succeeded();
      for (int i = 0; i < FILES; i++) {
        hashes.add(write(client, i));
      }
      Await.until("two replicas of each", PATIENCE, () -> replicated(client, Set.of()));

      // Its launcher starts it again at once, without the disk that it had: as another worker.
      JsonNode lost = cluster.worker(1);
      Path disk = disk(data, lost);
      Files.move(disk, temp.resolve("lost-disk"));
      Processes.kill9(lost.get("pid").asLong());
      Await.until("two replicas without worker 1", PATIENCE, () -> replicated(client, Set.of(1)));
      cluster.curvineAdmin("worker", "forget", "1").succeeded();

      Outcome drained = cluster.curvineAdmin("worker", "decommission", "2", "--wait", "--json");
      assertThat(drained.json().get("drained").asBoolean()).as(drained.out()).isTrue();
      assertThat(replicated(client, Set.of(1, 2))).isTrue();
      assertThat(cluster.worker(2).get("neededBlocks").asLong()).isZero();
      assertThat(cluster.curvine("report").succeeded()).contains("drained");
      write(client, FILES);
      assertThat(Replicas.holders(client, path(FILES))).doesNotContain(2);

      Files.move(disk(data, cluster.worker(2)), temp.resolve("drained-disk"));
      Processes.kill9(cluster.worker(2).get("pid").asLong());
      for (int i = 0; i < FILES; i++) {
        assertThat(Corpus.hash(client.openStream(Refs.path(path(i))))).isEqualTo(hashes.get(i));
      }
      cluster.curvineAdmin("state", "hash").succeeded();
    }
  }

  private static String path(int file) {
    return "/f" + file;
  }

  private static String write(CurvineClient client, int file) throws IOException {
    byte[] bytes = new byte[(3 << 20) + file];
    new Random(file).nextBytes(bytes);
    CreateOptions options = CreateOptions.defaults().withReplicas(2).withBlockSizeBytes(1 << 20);
    try (OutputStream out = client.createStream(Refs.path(path(file)), options)) {
      out.write(bytes);
    }
    return Corpus.hash(client.openStream(Refs.path(path(file))));
  }

  private static boolean replicated(CurvineClient client, Set<Integer> without) throws IOException {
    for (int i = 0; i < FILES; i++) {
      if (!Replicas.twoOfEach(client, path(i), without)) {
        return false;
      }
    }
    return true;
  }

  /** Of the worker: the directory below which its cache is. */
  private static Path disk(Path data, JsonNode worker) {
    Path cache = Path.of(worker.get("tiers").get(0).get("directory").asText());
    Path workers = data.toAbsolutePath().resolve("workers");
    return workers.resolve(workers.relativize(cache.toAbsolutePath()).getName(0));
  }
}
