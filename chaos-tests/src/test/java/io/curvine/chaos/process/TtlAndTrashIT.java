/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies on age and trash, with the processes that {@code curvine local} starts. */
final class TtlAndTrashIT {
  private static final int LARGE = 5 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private Path ufs;

  @BeforeEach
  void makeUfs() throws IOException {
    ufs = Files.createDirectory(temp.resolve("ufs"));
    Files.createDirectories(ufs.resolve("a/b"));
    Files.writeString(ufs.resolve("a/b/f"), "kept");
    Files.writeString(ufs.resolve("a/b/g"), "not kept");
    Files.createDirectory(ufs.resolve("aged"));
    Files.writeString(ufs.resolve("aged/never listed"), "old");
    Files.createDirectory(ufs.resolve("cached"));
    Files.write(ufs.resolve("cached/large"), new byte[LARGE]);
  }

  @Test
  void whatIsOldGoesAndWhatIsDeletedIsKept() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(temp.resolve("data"), "--workers", "1", "--ufs", ufs.toString())) {
      whatIsDeletedComesBack(cluster);
      whatIsOldIsDeleted(cluster);
      whatWasCachedForLongIsDropped(cluster);
    }
  }

  private List<String> inUfsTrash() throws IOException {
    Path trash = ufs.resolve(".trash");
    try (Stream<Path> all = Files.walk(trash)) {
      return all.filter(Files::isRegularFile)
          .map(path -> trash.relativize(path).toString().replaceFirst("until-[0-9-]+/", ""))
          .toList();
    }
  }

  private void whatIsDeletedComesBack(LocalCluster cluster) throws IOException {
    cluster.curvine("policy", "set", "/a", "--trash", "1d").succeeded();
    cluster.curvine("fs", "rm", "/a/b/f").succeeded();
    cluster.curvine("fs", "rm", "--skip-trash", "/a/b/g").succeeded();
    assertThat(ufs.resolve("a/b/f")).doesNotExist();
    assertThat(ufs.resolve("a/b/g")).doesNotExist();
    assertThat(inUfsTrash()).containsExactly("a%2Fb/f");
    JsonNode items = cluster.curvine("trash", "ls", "--json").json();
    assertThat(items).hasSize(1);
    assertThat(items.get(0).get("origin").asText()).isEqualTo("/a/b/f");
    assertThat(cluster.curvine("trash", "ls", "/aged").succeeded())
        .contains("nothing is in the trash");
    cluster.curvine("fs", "rm", "-r", "/a/b").succeeded();
    cluster.curvine("trash", "restore", "/a/b/f").succeeded();
    assertThat(ufs.resolve("a/b/f")).hasContent("kept");
    assertThat(cluster.curvine("fs", "cat", "/a/b/f").succeeded()).isEqualTo("kept");
    assertThat(cluster.curvine("trash", "restore", "/a/b/f").err()).contains("is in no trash");
    cluster.curvine("fs", "rm", "-r", "/a/b").succeeded();
    cluster.curvine("trash", "restore", "/a/b", "--to", "/a/c").succeeded();
    assertThat(ufs.resolve("a/c/f")).hasContent("kept");
    cluster.curvine("fs", "rm", "/a/c/f").succeeded();
    assertThat(cluster.curvine("trash", "empty").succeeded()).contains("1 deleted");
    assertThat(inUfsTrash()).isEmpty();
  }

  private void whatIsOldIsDeleted(LocalCluster cluster) {
    cluster.curvine("policy", "set", "/aged", "--ttl", "2s", "--ttl-action", "delete").succeeded();
    Await.until(
        "the old file is gone", PATIENCE, () -> !Files.exists(ufs.resolve("aged/never listed")));
    assertThat(cluster.curvine("fs", "ls", "/").succeeded()).contains("aged");
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

  private void whatWasCachedForLongIsDropped(LocalCluster cluster) {
    cluster.curvine("load", "/cached").succeeded();
    Await.until("it is cached", PATIENCE, () -> usedBytes(cluster) >= LARGE);
    cluster.curvine("policy", "set", "/cached", "--ttl", "3s").succeeded();
    Await.until("it is dropped", PATIENCE, () -> usedBytes(cluster) < LARGE);
    assertThat(ufs.resolve("cached/large")).hasSize(LARGE);
  }
}
