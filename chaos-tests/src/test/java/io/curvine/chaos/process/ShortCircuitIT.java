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
import io.curvine.client.FileReader;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client on the worker's host reads the files of blocks, as long as the worker lets it. */
final class ShortCircuitIT {
  private static final int LENGTH = (5 << 20) + 77;
  private static final int SMALL = 60_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final byte[] content = new byte[LENGTH];
  @TempDir private Path temp;
  private Path ufs;

  @BeforeEach
  void fillUfs() throws IOException {
    ufs = Files.createDirectory(temp.resolve("ufs"));
    new Random(3).nextBytes(content);
    Files.write(ufs.resolve("file"), content);
    Files.write(ufs.resolve("small"), Arrays.copyOf(content, SMALL));
  }

  private static byte[] read(FileReader reader, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    while (into.hasRemaining() && reader.read(into.position(), into) > 0) {}
    return into.array();
  }

  /** What the worker sent. */
  private static long sentBytes(LocalCluster cluster) throws Exception {
    return counted(cluster, "read_bytes");
  }

  private static long counted(LocalCluster cluster, String what) throws Exception {
    String url = "http://127.0.0.1:" + (cluster.basePort() + 500) + "/metrics";
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    return page.body()
        .lines()
        .filter(line -> line.startsWith("curvine_worker_" + what + "_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void readsWithoutTheWorkerUntilItIsGoneAndAgainWhenItIsBack() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(temp.resolve("data"), "--workers", "1", "--ufs", ufs.toString());
        CurvineClient client = Clients.connect(cluster);
        FileReader reader = client.open(Refs.path("/file"))) {
      assertThat(read(reader, LENGTH)).isEqualTo(content);
      Await.until(
          "reads that the worker sends nothing for",
          Duration.ofSeconds(20),
          () -> {
            long before = sentBytes(cluster);
            assertThat(read(reader, LENGTH)).isEqualTo(content);
            return sentBytes(cluster) == before;
          });
      theFirstWholeReadOfASmallFileIsTheWorkers(cluster, client);
      cluster.killEverything();
      cluster.startAgain();
      assertThat(read(reader, LENGTH)).isEqualTo(content);
    }
  }

  private void theFirstWholeReadOfASmallFileIsTheWorkers(LocalCluster cluster, CurvineClient client)
      throws Exception {
    long before = sentBytes(cluster);
    assertThat(readSmall(client)).isEqualTo(Arrays.copyOf(content, SMALL));
    assertThat(sentBytes(cluster)).isEqualTo(before + SMALL);
    Await.until(
        "reads of a small file that the worker sends nothing for",
        Duration.ofSeconds(20),
        () -> {
          long sent = sentBytes(cluster);
          assertThat(readSmall(client)).isEqualTo(Arrays.copyOf(content, SMALL));
          return sentBytes(cluster) == sent;
        });
  }

  private static byte[] readSmall(CurvineClient client) throws IOException {
    try (FileReader reader = client.open(Refs.path("/small"))) {
      return read(reader, SMALL);
    }
  }

  @Test
  void whatIsWrittenOverIsSeenByWhoOpensItAfterwards() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(temp.resolve("data"), "--workers", "1", "--ufs", ufs.toString());
        CurvineClient client = Clients.connect(cluster)) {
      for (int round = 0; round < 5; round++) {
        new Random(100 + round).nextBytes(content);
        try (FileWriter writer = client.create(Refs.path("/written"), CreateOptions.defaults())) {
          writer.write(0, ByteBuffer.wrap(content));
        }
        for (int again = 0; again < 3; again++) {
          try (FileReader reader = client.open(Refs.path("/written"))) {
            assertThat(read(reader, LENGTH)).as("round %s", round).isEqualTo(content);
          }
        }
      }
    }
  }

  @Test
  void aFileThatBecomesShorterWhileItIsReadEndsNoReader() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(temp.resolve("data"), "--workers", "1", "--ufs", ufs.toString());
        CurvineClient client = Clients.connect(cluster)) {
      for (int round = 0; round < 10; round++) {
        try (FileWriter writer = client.create(Refs.path("/cut"), CreateOptions.defaults())) {
          writer.write(0, ByteBuffer.wrap(content));
          writer.flush();
          try (FileReader reader = client.open(Refs.path("/cut"))) {
            assertThat(read(reader, LENGTH)).isEqualTo(content);
            assertThat(read(reader, LENGTH)).isEqualTo(content);
            writer.truncate(100);
            writer.write(3 << 20, ByteBuffer.wrap(content, 0, 1000));
            writer.flush();
            read(reader, LENGTH);
          }
        }
        byte[] expected = new byte[(3 << 20) + 1000];
        System.arraycopy(content, 0, expected, 0, 100);
        System.arraycopy(content, 0, expected, 3 << 20, 1000);
        try (FileReader reader = client.open(Refs.path("/cut"))) {
          assertThat(read(reader, expected.length)).as("round %s", round).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void writesWithoutTheWorkerThroughItsCrashes() throws Exception {
    byte[] all = new byte[100 << 20];
    new Random(4).nextBytes(all);
    CreateOptions options = CreateOptions.defaults().withReplicas(1).withBlockSizeBytes(16 << 20);
    try (LocalCluster cluster =
            LocalCluster.start(temp.resolve("data"), "--workers", "1", "--ufs", ufs.toString());
        CurvineClient client = Clients.connect(cluster)) {
      cluster.curvine("umount", "/").succeeded();
      write(client, "/whole", all, all.length, options);
      int blocks = (all.length + (16 << 20) - 1) / (16 << 20);
      assertThat(counted(cluster, "written_bytes")).isEqualTo((long) blocks << 20); // the first MiB
      assertThat(counted(cluster, "taken_over_bytes"))
          .isEqualTo(all.length - ((long) blocks << 20));
      write(client, "/slow", all, 40 << 20, options);
      assertThat(counted(cluster, "written_bytes") + counted(cluster, "taken_over_bytes"))
          .isEqualTo(all.length + (40L << 20)); // nothing twice
      try (FileWriter writer = client.create(Refs.path("/killed"), options)) {
        for (int at = 0; at < all.length; at += 1 << 20) {
          if (at % (30 << 20) == 7 << 20) {
            Processes.kill9(cluster.worker(1).get("pid").asLong());
          }
          writer.write(at, ByteBuffer.wrap(all, at, 1 << 20));
        }
      }
      // A socket that could not be used is tried again after a while.
      Await.until(
          "writes past the worker", PATIENCE, () -> writesPastTheWorker(cluster, client, all));
      for (String path : new String[] {"/whole", "/killed", "/after"}) {
        try (FileReader reader = client.open(Refs.path(path))) {
          assertThat(read(reader, all.length)).as(path).isEqualTo(all);
        }
      }
      assertThat(counted(cluster, "corrupt_pages")).isZero();
    }
  }

  private static boolean writesPastTheWorker(LocalCluster cluster, CurvineClient client, byte[] all)
      throws Exception {
    long before = counted(cluster, "taken_over_bytes");
    write(client, "/after", all, all.length, CreateOptions.defaults().withReplicas(1));
    return counted(cluster, "taken_over_bytes") > before;
  }

  /** A slow one lets the worker answer what it has before it goes on. */
  private static void write(
      CurvineClient client, String path, byte[] all, int length, CreateOptions options)
      throws Exception {
    try (FileWriter writer = client.create(Refs.path(path), options)) {
      for (int at = 0; at < length; at += 1 << 20) {
        writer.write(at, ByteBuffer.wrap(all, at, 1 << 20));
        if (length < all.length) {
          Thread.sleep(20);
        }
      }
    }
  }
}
