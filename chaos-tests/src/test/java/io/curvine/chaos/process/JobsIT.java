/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.Processes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on whole trees, with the processes that {@code curvine local} starts. */
final class JobsIT {
  private static final int DIRECTORIES = 20;
  private static final int FILES_EACH = 15;
  private static final long LARGE = 300L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private Path ufs;
  private Path exported;

  @BeforeEach
  void makeUfses() throws IOException {
    ufs = Files.createDirectory(temp.resolve("ufs"));
    exported = Files.createDirectory(temp.resolve("exported"));
    byte[] some = new byte[3_000];
    new Random(5).nextBytes(some);
    for (int d = 0; d < DIRECTORIES; d++) {
      Path directory = Files.createDirectories(ufs.resolve("d" + d + "/\u00e4 b"));
      for (int f = 0; f < FILES_EACH; f++) {
        Files.write(directory.resolve("f" + f), some);
      }
    }
    try (OutputStream large = Files.newOutputStream(ufs.resolve("large"))) {
      byte[] piece = new byte[1 << 20];
      for (long at = 0; at < LARGE; at += piece.length) {
        new Random(at).nextBytes(piece);
        large.write(piece);
      }
    }
  }

  @Test
  void treesAreLoadedFreedAndExported() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(
            temp.resolve("data"),
            "--workers",
            "2",
            "--ufs",
            ufs.toString(),
            "--set",
            "master.job-retry-max=2s",
            "--set",
            "master.job-give-up-after=20s")) {
      aLoadGoesOnWhenItsLeaderDies(cluster);
      whatIsCachedIsFreed(cluster);
      copiesAreAtSoManyWorkers(cluster);
      anExportWaitsForTheUfs(cluster);
      whatAUfsRefusesForGoodIsKept(cluster);
    }
  }

  private static long usedBytes(LocalCluster cluster) {
    long used = 0;
    for (JsonNode worker : cluster.report().get("workers")) {
      for (JsonNode tier : worker.get("tiers")) {
        used += tier.get("usedBytes").asLong();
      }
    }
    return used;
  }

  private static JsonNode job(LocalCluster cluster, long id) {
    return cluster.curvine("jobs", "show", Long.toString(id), "--json").json();
  }

  private static void aLoadGoesOnWhenItsLeaderDies(LocalCluster cluster) throws Exception {
    JsonNode begun = cluster.curvine("load", "--no-wait", "/", "--json").json();
    long id = begun.get("jobs").get(0).get("id").asLong();
    Processes.kill9(cluster.leaderPid());
    Await.until(
        "the load has ended",
        PATIENCE,
        () -> !job(cluster, id).get("status").asText().equals("running"));
    JsonNode ended = job(cluster, id);
    assertThat(ended.get("status").asText()).as(ended.toString()).isEqualTo("succeeded");
    assertThat(ended.get("filesDone").asLong()).isEqualTo(DIRECTORIES * FILES_EACH + 1);
    assertThat(ended.get("bytesDone").asLong())
        .isEqualTo(ended.get("bytes").asLong())
        .isEqualTo(LARGE + DIRECTORIES * FILES_EACH * 3_000L);
    String blocks = cluster.curvine("fs", "blocks", "/large").succeeded();
    assertThat(blocks).contains("w1").contains("w2");
    assertThat(cluster.curvine("fs", "blocks", "/d7/\u00e4 b/f3").succeeded()).contains(" w");
    assertThat(cluster.curvine("load", "/").succeeded()).startsWith("loaded 301 files");
  }

  private static void whatIsCachedIsFreed(LocalCluster cluster) throws Exception {
    assertThat(usedBytes(cluster)).isGreaterThanOrEqualTo(LARGE);
    assertThat(cluster.curvine("free", "/large", "/d3").succeeded())
        .contains("freed 1 file")
        .contains("freed 15 files");
    Await.until("the blocks are gone", PATIENCE, () -> usedBytes(cluster) < LARGE);
    assertThat(cluster.curvine("jobs", "list").succeeded()).contains("free", "load", "/d3");
  }

  private static void copiesAreAtSoManyWorkers(LocalCluster cluster) {
    cluster.curvine("load", "--replicas", "2", "/d3").succeeded();
    Await.until(
        "the masters know of both copies", // the workers' reports come a little later
        PATIENCE,
        () -> {
          String blocks = cluster.curvine("fs", "blocks", "/d3/\u00e4 b/f0").succeeded();
          return blocks.contains("w1") && blocks.contains("w2");
        });
    Outcome three = cluster.curvine("load", "--replicas", "3", "/d3");
    assertThat(three.exitCode()).isEqualTo(1);
    assertThat(three.err()).contains("3 copies are asked for");
    assertThat(cluster.curvine("load", "/nowhere").err()).contains("no such file");
  }

  private void anExportWaitsForTheUfs(LocalCluster cluster) throws Exception {
    cluster
        .curvine("mount", exported.toString(), "/out", "--mode", "fs", "--write", "back")
        .succeeded();
    Path parked = temp.resolve("parked");
    Files.move(exported, parked);
    Files.createFile(exported); // whatever is written there fails
    Path local = Files.writeString(temp.resolve("local"), "to be exported");
    cluster.curvine("fs", "put", local.toString(), "/out/late").succeeded();
    JsonNode begun = cluster.curvine("export", "--no-wait", "/out", "--json").json();
    long id = begun.get("jobs").get(0).get("id").asLong();
    assertThat(cluster.curvine("jobs", "list", "--pending").succeeded()).contains("export-file");
    assertThat(job(cluster, id).get("status").asText()).isEqualTo("running");
    Files.delete(exported);
    Files.move(parked, exported);
    Await.until(
        "the export has ended",
        PATIENCE,
        () -> !job(cluster, id).get("status").asText().equals("running"));
    assertThat(job(cluster, id).get("status").asText()).isEqualTo("succeeded");
    assertThat(exported.resolve("late")).hasContent("to be exported");
    assertThat(cluster.curvine("export", "/out").succeeded()).contains("has 1 file already");
  }

  private void whatAUfsRefusesForGoodIsKept(LocalCluster cluster) throws Exception {
    Path inTheWay = Files.createDirectory(exported.resolve("name"));
    Files.writeString(inTheWay.resolve("x"), "of somebody else");
    Path local = Files.writeString(temp.resolve("local"), "ours");
    cluster.curvine("fs", "put", local.toString(), "/out/name").succeeded();
    Await.until(
        "the change is refused",
        PATIENCE,
        () -> !cluster.curvine("jobs", "list", "--failed", "--json").json().isEmpty());
    JsonNode failed = cluster.curvine("jobs", "list", "--failed", "--json").json().get(0);
    String id = failed.get("id").asText();
    assertThat(failed.get("path").asText()).isEqualTo("name");
    assertThat(cluster.curvine("fs", "cat", "/out/name").succeeded()).isEqualTo("ours");
    assertThat(cluster.curvineAdmin("jobs", "show", id).succeeded()).contains("failed");
    Files.delete(inTheWay.resolve("x"));
    Files.delete(inTheWay);
    cluster.curvine("jobs", "retry", id).succeeded();
    Await.until("the UFS has it", PATIENCE, () -> Files.isRegularFile(exported.resolve("name")));
    assertThat(exported.resolve("name")).hasContent("ours");
    assertThat(cluster.curvine("jobs", "list", "--failed").succeeded()).isEqualTo("no jobs\n");
    assertThat(cluster.curvine("jobs", "cancel", id).err()).contains("there is no job");
  }
}
