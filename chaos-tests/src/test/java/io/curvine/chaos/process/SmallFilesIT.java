/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files in one trip to a worker and one to the masters, on real processes. */
class SmallFilesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int THREADS = 4;
  private static final int BYTES_MAX = 40_000;
  private static final int MORE = 200;

  @TempDir private Path temp;

  @Test
  void whatIsAcknowledgedStaysThroughTheDeathOfAWorkerAndOfTheLeader() throws Exception {
    Path mount = Files.createDirectory(temp.resolve("mount"));
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    try (LocalCluster cluster =
        LocalCluster.start(temp.resolve("data"), "--workers", "3", "--mount", mount.toString())) {
      cluster.curvine("umount", "/").succeeded();
      cluster.curvine("mount", ufs.toString(), "/ufs").succeeded();
      cluster.curvine("fs", "mkdir", "/d").succeeded();
      try (CurvineClient client = Clients.connect(cluster);
          Writers writers = new Writers(client)) {
        writers.awaitMore();
        long before = uncounted(client, "/d");
        Processes.kill9(cluster.worker(1).get("pid").asLong());
        writers.awaitMore();
        Processes.kill9(cluster.leaderPid());
        writers.awaitMore();
        int made = writers.end();
        assertThat(before).as("of more than %s files", MORE).isGreaterThan(MORE / 2);
        assertThat(uncounted(client, "/d"))
            .as("of %s files", made)
            .isGreaterThan(before + MORE / 2);
      }
      try (CurvineClient another = Clients.connect(cluster)) {
        checkAll(another);
        theUfsHasThem(another, ufs);
      }
      throughTheMount(mount);
      aFileThatIsThereIsReplacedOrRefused(cluster);
      allChecksAgree(cluster);
    }
  }

  private static byte[] content(String name) {
    Random random = new Random(name.hashCode());
    byte[] bytes = new byte[1 + random.nextInt(BYTES_MAX)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String path(String name) {
    return "/d/" + name;
  }

  private static void write(CurvineClient client, String name, byte[] content, boolean exclusive)
      throws IOException {
    CreateOptions options =
        CreateOptions.defaults().withReplicas(2).withMode(0644).withExclusive(exclusive);
    client.write(Refs.path(path(name)), options, ByteBuffer.wrap(content));
  }

  private static List<Entry> files(CurvineClient client, String directory) throws IOException {
    List<Entry> entries = new ArrayList<>();
    client.namespace().entries(Refs.path(directory)).forEach(entries::add);
    return entries;
  }

  /** Those that took one trip. */
  private static long uncounted(CurvineClient client, String directory) throws IOException {
    return files(client, directory).stream()
        .filter(entry -> InodeNumbers.isOfCommand(entry.getInode().getId()))
        .count();
  }

  private static void checkAll(CurvineClient client) throws IOException {
    for (Entry entry : files(client, "/d")) {
      String name = entry.getName().toStringUtf8();
      try (InputStream in = client.openStream(Refs.path(path(name)))) {
        assertThat(in.readAllBytes()).as(name).isEqualTo(content(name));
      }
    }
  }

  private static void theUfsHasThem(CurvineClient client, Path ufs) throws IOException {
    for (int file = 0; file < 10; file++) {
      String name = "u" + file;
      client.write(
          Refs.path("/ufs/" + name), CreateOptions.defaults(), ByteBuffer.wrap(content(name)));
      assertThat(ufs.resolve(name)).hasBinaryContent(content(name));
    }
    assertThat(uncounted(client, "/ufs")).isPositive();
  }

  /** The kernel has them under their large numbers. */
  private static void throughTheMount(Path mount) throws IOException {
    try (var listed = Files.list(mount.resolve("d"))) {
      for (Path file : listed.toList()) {
        assertThat(file).hasBinaryContent(content(file.getFileName().toString()));
      }
    }
  }

  private static void aFileThatIsThereIsReplacedOrRefused(LocalCluster cluster) throws IOException {
    byte[] other = {1, 2, 3};
    try (CurvineClient client = Clients.connect(cluster)) {
      write(client, "first-of-its-kind", other, true);
      for (String name : List.of("0-0", "0-1")) {
        assertThatThrownBy(() -> write(client, name, other, true))
            .isInstanceOfSatisfying(
                CurvineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
        write(client, name, other, false);
        assertThat(client.openStream(Refs.path(path(name))).readAllBytes()).isEqualTo(other);
      }
    }
  }

  /** The states, the blocks that workers hold, and the journal. */
  private static void allChecksAgree(LocalCluster cluster) {
    Await.until(
        "two replicas of all",
        PATIENCE,
        () -> {
          JsonNode found = cluster.curvineAdmin("fsck", "--all", "--json").json();
          return found.get("clean").asBoolean();
        });
    cluster.curvineAdmin("state", "hash").succeeded();
    cluster.curvineAdmin("journal", "verify").succeeded();
  }

  /** Write files of their own, one after the other, until they are told to end. */
  private static final class Writers implements AutoCloseable {
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final List<Future<?>> work = new ArrayList<>();
    private final CurvineClient client;

    Writers(CurvineClient client) {
      this.client = client;
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        work.add(
            threads.submit(
                () -> {
                  for (int file = 0; !ending.get(); file++) {
                    String name = thread + "-" + file;
                    write(client, name, content(name), true);
                    acknowledged.incrementAndGet();
                  }
                  return null;
                }));
      }
    }

    void awaitMore() {
      int before = acknowledged.get();
      Await.until(
          "more files",
          PATIENCE,
          () -> {
            for (Future<?> each : work) {
              if (each.isDone()) {
                each.get();
              }
            }
            return acknowledged.get() >= before + MORE;
          });
    }

    /** The files that were acknowledged; there are no others. */
    int end() throws Exception {
      ending.set(true);
      for (Future<?> each : work) {
        each.get();
      }
      assertThat(files(client, "/d")).hasSize(acknowledged.get());
      return acknowledged.get();
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }
}
