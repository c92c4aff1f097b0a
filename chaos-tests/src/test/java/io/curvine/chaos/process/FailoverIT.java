/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.Corpus;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Namespace;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of masters and workers under load, with the processes that {@code curvine local} starts.
 */
class FailoverIT {
  private static final int CREATES_BEFORE_KILL = 300;
  private static final int CREATES_AFTER_KILL = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path temp;

  @Test
  void leaderDiesInAStreamOfCreatesAndALongReadThroughTheMount() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    Path mount = Files.createDirectory(temp.resolve("mount"));
    writeRandom(ufs.resolve("long.bin"), 600L << 20);
    String expected = Corpus.hash(ufs.resolve("long.bin"));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (LocalCluster cluster =
            LocalCluster.start(
                temp.resolve("data"), "--ufs", ufs.toString(), "--mount", mount.toString());
        CurvineClient client = Clients.connect(cluster)) {
      Path stream = Files.createDirectory(mount.resolve("stream"));
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger acknowledged = new AtomicInteger();
      CompletableFuture<List<String>> creates =
          CompletableFuture.supplyAsync(() -> createUntil(stop, acknowledged, stream), threads);
      CompletableFuture<String> read =
          CompletableFuture.supplyAsync(() -> Corpus.hash(mount.resolve("long.bin")), threads);

      Await.until("a stream of creates", PATIENCE, () -> acknowledged.get() >= CREATES_BEFORE_KILL);
      long leader = cluster.leaderPid();
      Processes.kill9(leader);
      int atKill = acknowledged.get();
      Await.until(
          "creates after the kill",
          PATIENCE,
          () -> acknowledged.get() >= atKill + CREATES_AFTER_KILL);
      stop.set(true);

      List<String> created = creates.join();
      assertThat(names(client.namespace(), "/stream")).containsExactlyInAnyOrderElementsOf(created);
      assertThat(read.join()).isEqualTo(expected);
      assertThat(cluster.leaderPid()).isNotEqualTo(leader);
      Files.writeString(mount.resolve("after.txt"), "the mount goes on");
      assertThat(ufs.resolve("after.txt")).hasContent("the mount goes on");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void everythingDiesAtOnceAndComesBackWithAllThatWasAcknowledged() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    writeRandom(ufs.resolve("before.bin"), 20L << 20);
    LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--ufs", ufs.toString());
    try {
      List<String> acknowledged = new ArrayList<>();
      String written;
      try (CurvineClient client = Clients.connect(cluster)) {
        client.namespace().mkdir(Refs.path("/made"), 0755, false);
        for (int i = 0; i < 500; i++) {
          client.namespace().mkdir(Refs.path("/made/d" + i), 0755, false);
          acknowledged.add("d" + i);
        }
        byte[] content = new byte[5 << 20];
        new Random(7).nextBytes(content);
        try (OutputStream out =
            client.createStream(Refs.path("/made/file.bin"), CreateOptions.defaults())) {
          out.write(content);
        }
        acknowledged.add("file.bin");
        written = Corpus.hash(new java.io.ByteArrayInputStream(content));
      }
      cluster.killEverything();
      cluster.startAgain();
      try (CurvineClient client = Clients.connect(cluster)) {
        assertThat(names(client.namespace(), "/made"))
            .containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(Corpus.hash(client.openStream(Refs.path("/made/file.bin")))).isEqualTo(written);
        assertThat(Corpus.hash(client.openStream(Refs.path("/before.bin"))))
            .isEqualTo(Corpus.hash(ufs.resolve("before.bin")));
      }
    } finally {
      cluster.close();
    }
  }

  private static List<String> createUntil(
      AtomicBoolean stop, AtomicInteger acknowledged, Path directory) {
    List<String> names = new ArrayList<>();
    try {
      while (!stop.get()) {
        String name = "f" + names.size();
        // FileAlreadyExistsException would mean: done twice.
        Files.writeString(directory.resolve(name), name, StandardOpenOption.CREATE_NEW);
        names.add(name);
        acknowledged.incrementAndGet();
      }
    } catch (IOException e) {
      throw new AssertionError("create " + names.size() + " failed", e);
    }
    return names;
  }

  private static List<String> names(Namespace namespace, String directory) throws IOException {
    List<String> names = new ArrayList<>();
    for (Entry entry : namespace.entries(Refs.path(directory))) {
      names.add(entry.getName().toStringUtf8());
    }
    return names;
  }

  private static void writeRandom(Path file, long length) throws IOException {
    Random random = new Random(length);
    byte[] chunk = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < length; written += chunk.length) {
        random.nextBytes(chunk);
        out.write(chunk);
      }
    }
  }
}
