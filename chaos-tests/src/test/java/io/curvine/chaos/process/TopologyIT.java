/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.OwnWorker;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.BlockLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers of two racks: where replicas go, who is asked, and what becomes of a hot block. */
final class TopologyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int BLOCK_BYTES = 1 << 20;

  @TempDir private Path temp;

  private LocalCluster cluster(Path ufs) {
    LocalCluster cluster =
        LocalCluster.start(
            temp.resolve("data"),
            "--workers",
            "2",
            "--set",
            "worker.rack=a",
            "--set",
            "worker.hot-block-reads=2",
            "--set",
            "worker.socket=none");
    cluster.curvine("umount", "/").succeeded();
    cluster.curvine("mount", ufs.toString(), "/ufs").succeeded();
    return cluster;
  }

  private OwnWorker workerOfRackB(LocalCluster cluster) {
    return OwnWorker.start(
        cluster,
        temp.resolve("own"),
        List.of("worker.rack=b", "worker.dirs=SSD:" + temp.resolve("cache") + ":256MiB"));
  }

  @Test
  void replicasGoToBothRacksAndHotBlocksToFurtherWorkers() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    byte[] model = new byte[BLOCK_BYTES];
    new Random(7).nextBytes(model);
    Files.write(ufs.resolve("model"), model);
    try (LocalCluster cluster = cluster(ufs);
        OwnWorker b = workerOfRackB(cluster);
        CurvineClient client = Clients.connect(cluster)) {
      assertThat(cluster.worker(b.id()).get("rack").asText()).isEqualTo("b");
      replicasAreInBothRacks(client, b.id());
      clientsReadInTheirOwnRack(cluster, client, b.id());
      manyReadersSpread(cluster, client, model);
    }
  }

  private static void replicasAreInBothRacks(CurvineClient client, int ofRackB) throws IOException {
    byte[] bytes = new byte[10 * BLOCK_BYTES];
    CreateOptions options =
        CreateOptions.defaults().withReplicas(2).withBlockSizeBytes(BLOCK_BYTES);
    try (OutputStream out = client.createStream(Refs.path("/written"), options)) {
      out.write(bytes);
    }
    Await.until(
        "two replicas of each", PATIENCE, () -> Replicas.twoOfEach(client, "/written", Set.of()));
    List<BlockLayout> blocks = Replicas.blocks(client, "/written");
    assertThat(blocks).hasSize(10);
    for (BlockLayout block : blocks) {
      assertThat(Replicas.holders(block)).contains(ofRackB);
    }
  }

  /** Its block is cached where the client's rack is. */
  private void clientsReadInTheirOwnRack(LocalCluster cluster, CurvineClient client, int ofRackB)
      throws IOException {
    read(cluster, "far-away", "b");
    Await.until(
        "a worker has the block",
        PATIENCE,
        () -> !Replicas.holders(client, "/ufs/model").isEmpty());
    assertThat(Replicas.holders(client, "/ufs/model")).containsExactly(ofRackB);
  }

  private Path got() {
    return temp.resolve("got");
  }

  private void read(LocalCluster cluster, String host, String rack) {
    cluster
        .curvine(
            "fs",
            "get",
            "-f",
            "--set",
            "client.client-host=" + host,
            "--set",
            "client.client-rack=" + rack,
            "/ufs/model",
            got().toString())
        .succeeded();
  }

  private void manyReadersSpread(LocalCluster cluster, CurvineClient client, byte[] model)
      throws Exception {
    Await.until(
        "a second worker has the block",
        PATIENCE,
        () -> {
          readManyTimes(client, 2 * 16 + 1);
          read(cluster, "host" + System.nanoTime(), "");
          assertThat(Files.readAllBytes(got())).isEqualTo(model);
          return Replicas.holders(client, "/ufs/model").size() > 1;
        });
  }

  private static void readManyTimes(CurvineClient client, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      try (var in = client.openStream(Refs.path("/ufs/model"))) {
        assertThat(in.readAllBytes()).hasSize(BLOCK_BYTES);
      }
    }
  }
}
