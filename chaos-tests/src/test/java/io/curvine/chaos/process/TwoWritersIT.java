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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writes through Curvine and another at the UFS, with processes and two directories. */
final class TwoWritersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private Path cached;
  private Path exported;

  @BeforeEach
  void makeUfses() throws IOException {
    cached = Files.createDirectory(temp.resolve("cached"));
    exported = Files.createDirectory(temp.resolve("exported"));
    Files.writeString(cached.resolve("both"), "first");
    Files.writeString(cached.resolve("gone"), "first");
  }

  @Test
  void nobodysBytesAreLost() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(
            temp.resolve("data"), "--workers", "1", "--set", "master.job-retry-max=2s")) {
      mount(cluster, cached, "/c", "cache", "through");
      mount(cluster, exported, "/e", "fs", "back");
      theUfsKeepsTheNameInCacheMode(cluster);
      aDeleteLeavesWhatCameSince(cluster);
      curvineKeepsTheNameInFsMode(cluster);
    }
  }

  private static void mount(
      LocalCluster cluster, Path ufs, String path, String mode, String policy) {
    cluster
        .curvine(
            "mount",
            ufs.toString(),
            path,
            "--mode",
            mode,
            "--write",
            policy,
            "--scan-interval",
            "0")
        .succeeded();
  }

  private Outcome put(LocalCluster cluster, String content, String path) throws IOException {
    Path local = Files.writeString(temp.resolve("local"), content);
    return cluster.curvine("fs", "put", "-f", local.toString(), path);
  }

  private static String cat(LocalCluster cluster, String path) {
    return cluster.curvine("fs", "cat", path).out();
  }

  /** The names of the conflict copies of a file. */
  private static List<String> copies(Path ufs, String name) throws IOException {
    try (Stream<Path> all = Files.list(ufs)) {
      return all.map(each -> each.getFileName().toString())
          .filter(each -> each.startsWith(name + ".conflict-"))
          .toList();
    }
  }

  private void theUfsKeepsTheNameInCacheMode(LocalCluster cluster) throws Exception {
    assertThat(cat(cluster, "/c/both")).isEqualTo("first");
    Files.writeString(cached.resolve("both"), "theirs, longer");
    Outcome refused = put(cluster, "ours", "/c/both");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.err()).contains("/c/both is another object", "both.conflict-");
    Await.until("ours is in the UFS", PATIENCE, () -> copies(cached, "both").size() == 1);
    String copy = copies(cached, "both").get(0);
    assertThat(cached.resolve(copy)).hasContent("ours");
    assertThat(cached.resolve("both")).hasContent("theirs, longer");
    Await.until("theirs is seen", PATIENCE, () -> cat(cluster, "/c/both").equals("theirs, longer"));
    assertThat(cat(cluster, "/c/" + copy)).isEqualTo("ours");
    JsonNode told = cluster.curvine("jobs", "list", "--failed", "--json").json();
    assertThat(told).hasSize(1);
    cluster.curvine("jobs", "cancel", told.get(0).get("id").asText()).succeeded();
    assertThat(put(cluster, "later", "/c/both").exitCode()).as("it is the known one now").isZero();
    assertThat(cached.resolve("both")).hasContent("later");
  }

  private void aDeleteLeavesWhatCameSince(LocalCluster cluster) throws Exception {
    assertThat(cat(cluster, "/c/gone")).isEqualTo("first");
    Files.writeString(cached.resolve("gone"), "newer than known");
    Outcome refused = cluster.curvine("fs", "rm", "/c/gone");
    assertThat(refused.err()).contains("/c/gone is another object");
    assertThat(cached.resolve("gone")).hasContent("newer than known");
    Await.until(
        "it comes back", PATIENCE, () -> cat(cluster, "/c/gone").equals("newer than known"));
    cluster.curvine("fs", "rm", "/c/gone").succeeded();
    assertThat(cached.resolve("gone")).doesNotExist();
  }

  private void curvineKeepsTheNameInFsMode(LocalCluster cluster) throws Exception {
    put(cluster, "ours", "/e/both").succeeded();
    Await.until("it is exported", PATIENCE, () -> Files.isRegularFile(exported.resolve("both")));
    Files.writeString(exported.resolve("both"), "theirs, longer");
    put(cluster, "ours again", "/e/both").succeeded();
    cluster.curvine("export", "/e").succeeded();
    assertThat(exported.resolve("both")).hasContent("ours again");
    assertThat(copies(exported, "both")).hasSize(1);
    assertThat(exported.resolve(copies(exported, "both").get(0))).hasContent("theirs, longer");
    assertThat(cluster.curvine("jobs", "list", "--failed").succeeded()).contains("UFS_CONFLICT");
    assertThat(cluster.curvineAdmin("doctor").out())
        .contains("met an object at the UFS", "both.conflict-", "curvine jobs cancel");
  }
}
