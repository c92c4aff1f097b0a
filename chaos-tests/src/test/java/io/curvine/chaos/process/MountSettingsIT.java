/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount is tried before it is made, changed while it is used, and flushed before it goes. */
final class MountSettingsIT {
  @TempDir private Path temp;
  private Path ufs;
  private Path other;

  @BeforeEach
  void makeUfses() throws IOException {
    ufs = Files.createDirectory(temp.resolve("ufs"));
    other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(ufs.resolve("file"), "first");
    Files.writeString(other.resolve("x"), "x");
  }

  @Test
  void aMountIsTriedChangedAndFlushed() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(temp.resolve("data"), "--workers", "1", "--ufs", ufs.toString())) {
      aLocationIsTried(cluster);
      settingsChangeInPlace(cluster);
      whatIsReadAndListedIsComparedFirst(cluster);
      anUnmountWaitsForTheUfs(cluster);
    }
  }

  private void aLocationIsTried(LocalCluster cluster) throws IOException {
    JsonNode found = cluster.curvine("mount", "--check", other.toString(), "--json").json();
    assertThat(found.get("usable").asBoolean()).as(found.toString()).isTrue();
    assertThat(found.get("findings")).hasSize(5);
    try (var left = Files.list(other)) {
      assertThat(left).containsExactly(other.resolve("x"));
    }
    Outcome missing = cluster.curvine("mount", "--check", "file:///no/such/directory");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.out()).contains("list", "fails", "not tried");
  }

  private static void settingsChangeInPlace(LocalCluster cluster) {
    cluster.curvine("mount", "--update", "/", "--read-only", "--scan-interval", "0").succeeded();
    assertThat(cluster.curvine("fs", "mkdir", "/refused").err()).contains("read-only");
    cluster
        .curvine(
            "mount",
            "--update",
            "/",
            "--no-read-only",
            "--write",
            "back",
            "--verify",
            "always",
            "--list-ttl",
            "1ms",
            "--bandwidth",
            "64MiB",
            "--requests-per-second",
            "1000")
        .succeeded();
    JsonNode mount = cluster.curvine("mounts", "--json").json().get(0);
    assertThat(mount.get("write").asText()).isEqualTo("back");
    assertThat(mount.get("verify").asText()).isEqualTo("always");
    assertThat(mount.get("scanIntervalMs").asLong()).isZero();
    assertThat(mount.get("bandwidth").asLong()).isEqualTo(64 << 20);
  }

  private void whatIsReadAndListedIsComparedFirst(LocalCluster cluster) throws IOException {
    assertThat(cluster.curvine("fs", "cat", "/file").succeeded()).isEqualTo("first");
    Files.writeString(ufs.resolve("file"), "second");
    Files.writeString(ufs.resolve("new"), "here");
    assertThat(cluster.curvine("fs", "cat", "/file").succeeded()).isEqualTo("second");
    assertThat(cluster.curvine("fs", "ls", "/").succeeded()).contains("new");
    Files.delete(ufs.resolve("new"));
    assertThat(cluster.curvine("fs", "cat", "/new").exitCode()).isEqualTo(1);
  }

  private void anUnmountWaitsForTheUfs(LocalCluster cluster) throws IOException {
    cluster.curvine("mount", other.toString(), "/m", "--write", "back").succeeded();
    assertThat(cluster.curvine("fs", "ls", "/m").succeeded()).contains("x");
    Path parked = temp.resolve("parked");
    Files.move(other, parked);
    Path local = Files.writeString(temp.resolve("local"), "to be flushed");
    cluster.curvine("fs", "put", local.toString(), "/m/late").succeeded();
    assertThat(cluster.curvine("umount", "/m").err()).contains("curvine umount --flush");
    Outcome late = cluster.curvine("umount", "/m", "--flush", "--timeout", "1s");
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.err()).contains("it stays mounted");
    Files.move(parked, other);
    cluster.curvine("umount", "/m", "--flush", "--timeout", "60s").succeeded();
    assertThat(other.resolve("late")).hasContent("to be flushed");
  }
}
