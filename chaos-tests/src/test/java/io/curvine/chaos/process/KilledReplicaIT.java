/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.BlockLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a worker of the pipeline while a file of many blocks is written through it. */
final class KilledReplicaIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int BLOCK = 4 << 20;
  private static final int LENGTH = 12 * BLOCK + 12_345;
  private static final int PIECE = 100_000;

  @TempDir private Path temp;

  @Test
  void theWriteGoesOnWhicheverReplicaDies() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(
                temp.resolve("data"),
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
      for (int victim : List.of(1, 0)) {
        String path = "/killed" + victim;
        byte[] content = new byte[LENGTH];
        new Random(victim).nextBytes(content);
        writeAndKill(cluster, client, path, content, victim);
        assertThat(client.openStream(Refs.path(path)).readAllBytes()).isEqualTo(content);
        Await.until(
            "two replicas of each block of " + path,
            PATIENCE,
            () -> Replicas.twoOfEach(client, path, Set.of()));
        assertThat(client.openStream(Refs.path(path)).readAllBytes()).isEqualTo(content);
      }
      cluster.curvineAdmin("state", "hash").succeeded();
    }
  }

  /**
   * @param victim which of the block's workers dies, in the order of the pipeline
   */
  private static void writeAndKill(
      LocalCluster cluster, CurvineClient client, String path, byte[] content, int victim)
      throws Exception {
    int killAt = 6 * BLOCK + BLOCK / 4; // in the middle of a block
    CreateOptions options = CreateOptions.defaults().withReplicas(2).withBlockSizeBytes(BLOCK);
    try (FileWriter writer = client.create(Refs.path(path), options)) {
      CompletableFuture<Void> killed = null;
      for (int at = 0; at < LENGTH; at += PIECE) {
        writer.write(at, ByteBuffer.wrap(content, at, Math.min(PIECE, LENGTH - at)));
        if (killed == null && at >= killAt) {
          writer.flush(); // so that the masters know where its last block is
          long pid = cluster.worker(pipeline(client, path).get(victim)).get("pid").asLong();
          // The rest of the block is written meanwhile.
          killed = CompletableFuture.runAsync(() -> Processes.kill9(pid));
        }
      }
      killed.get();
    }
  }

  /** The workers of the file's last block, once the masters have heard of both. */
  private static List<Integer> pipeline(CurvineClient client, String path) {
    List<Integer> workers = new ArrayList<>();
    Await.until(
        "two workers of the last block",
        PATIENCE,
        () -> {
          List<BlockLayout> blocks = Replicas.blocks(client, path);
          workers.clear();
          blocks
              .get(blocks.size() - 1)
              .getLocationsList()
              .forEach(location -> workers.add(location.getWorkerId()));
          return workers.size() == 2;
        });
    return workers;
  }
}
