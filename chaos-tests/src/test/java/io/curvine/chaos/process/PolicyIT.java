/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileReader;
import io.curvine.client.Refs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What policies say of cached bytes, with the processes that {@code curvine local} starts. */
final class PolicyIT {
  private static final int MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private Path ufs;

  @BeforeEach
  void makeUfs() throws IOException {
    ufs = Files.createDirectory(temp.resolve("ufs"));
    for (String name : new String[] {"hot/a", "hot/b", "once/a", "whole/a", "two/a", "cold/a"}) {
      byte[] some = new byte[20 * MIB];
      new Random(name.hashCode()).nextBytes(some);
      Files.createDirectories(ufs.resolve(name).getParent());
      Files.write(ufs.resolve(name), some);
    }
  }

  private static long bytes(LocalCluster cluster, String field) {
    long bytes = 0;
    for (JsonNode worker : cluster.report().get("workers")) {
      for (JsonNode tier : worker.get("tiers")) {
        bytes += tier.get(field).asLong();
      }
    }
    return bytes;
  }

  private static void awaitBytes(LocalCluster cluster, String field, long bytes) {
    Await.until(field + " is " + bytes, PATIENCE, () -> bytes(cluster, field) == bytes);
  }

  @Test
  void cachedBytesAreTreatedAsPoliciesSay() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(temp.resolve("data"), "--workers", "2", "--ufs", ufs.toString())) {
      whatIsPinnedStays(cluster);
      whatIsNotAdmittedIsReadAndNotKept(cluster);
      aByteThatIsReadHasTheWholeFileCached(cluster);
      asManyWorkersCacheItAsAreWanted(cluster);
    }
  }

  private static void whatIsPinnedStays(LocalCluster cluster) {
    cluster.curvine("load", "/cold").succeeded();
    assertThat(cluster.curvine("pin", "/hot").succeeded()).startsWith("loaded 2 files");
    awaitBytes(cluster, "keptBytes", 40L * MIB);
    assertThat(cluster.curvine("free", "/").succeeded()).contains("pinned, and kept: 2 files");
    awaitBytes(cluster, "usedBytes", 40L * MIB);
    cluster.killEverything();
    cluster.startAgain();
    awaitBytes(cluster, "keptBytes", 40L * MIB);
    cluster.curvine("unpin", "/hot/a").succeeded();
    awaitBytes(cluster, "keptBytes", 20L * MIB);
    cluster.curvine("unpin", "/hot").succeeded();
    awaitBytes(cluster, "keptBytes", 0);
    cluster.curvine("pin", "--no-load", "/hot/b").succeeded();
    awaitBytes(cluster, "keptBytes", 20L * MIB);
    cluster.curvine("unpin", "/hot/b").succeeded();
    cluster.curvine("free", "/").succeeded();
    awaitBytes(cluster, "usedBytes", 0);
  }

  private void whatIsNotAdmittedIsReadAndNotKept(LocalCluster cluster) throws IOException {
    cluster.curvine("policy", "set", "/once", "--admission", "never").succeeded();
    Path out = temp.resolve("once");
    cluster.curvine("fs", "get", "/once/a", out.toString()).succeeded();
    assertThat(Files.mismatch(out, ufs.resolve("once/a"))).isEqualTo(-1);
    assertThat(bytes(cluster, "usedBytes")).isZero();
  }

  private static void readOneByte(LocalCluster cluster, String path) throws IOException {
    try (CurvineClient client = Clients.connect(cluster);
        FileReader reader = client.open(Refs.path(path))) {
      assertThat(reader.read(0, ByteBuffer.allocate(1))).isEqualTo(1);
    }
  }

  private static void aByteThatIsReadHasTheWholeFileCached(LocalCluster cluster)
      throws IOException {
    cluster.curvine("policy", "set", "/whole", "--whole-files", "yes").succeeded();
    readOneByte(cluster, "/whole/a");
    awaitBytes(cluster, "usedBytes", 20L * MIB);
    cluster.curvine("free", "/whole").succeeded();
    awaitBytes(cluster, "usedBytes", 0);
  }

  private static void asManyWorkersCacheItAsAreWanted(LocalCluster cluster) throws IOException {
    cluster.curvine("policy", "set", "/two", "--min-replicas", "2").succeeded();
    readOneByte(cluster, "/two/a");
    awaitBytes(cluster, "usedBytes", 40L * MIB);
    String blocks = cluster.curvine("fs", "blocks", "/two/a").succeeded();
    assertThat(blocks).contains("w1").contains("w2");
    cluster
        .curvine("policy", "set", "/two", "--min-replicas", "none", "--max-replicas", "1")
        .succeeded();
    awaitBytes(cluster, "usedBytes", 20L * MIB);
  }
}
