/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person gets wrong: one clear line on standard error, the right exit code, no change. */
final class BadInputIT {
  @TempDir private static Path temp;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    Files.createDirectories(ufs.resolve("dir/sub"));
    Files.writeString(ufs.resolve("file"), "content");
    cluster = LocalCluster.start(temp.resolve("data"), "--ufs", ufs.toString());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static List<Path> ufsTree() throws IOException {
    try (var walk = Files.walk(temp.resolve("ufs"))) {
      return new ArrayList<>(walk.sorted().toList());
    }
  }

  /** Refused with exit code 1, in one line that has the words, and nothing changed. */
  private static void assertRefused(String words, String... arguments) throws IOException {
    List<Path> before = ufsTree();
    Outcome outcome = cluster.curvine(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertOneLine(outcome, words);
    assertThat(ufsTree()).isEqualTo(before);
  }

  private static void assertOneLine(Outcome outcome, String words) {
    assertThat(outcome.err().strip()).containsIgnoringCase(words).doesNotContain("\n");
    assertThat(outcome.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void entriesThatAreNotWhatIsAskedFor() throws IOException {
    assertRefused("no such file", "fs", "cat", "/unknown");
    assertRefused("no such file", "fs", "ls", "/unknown/below");
    assertRefused("not a directory", "fs", "mkdir", "/file/x");
    assertRefused("255", "fs", "mkdir", "/" + "n".repeat(256));
    assertRefused("not empty", "fs", "rm", "-d", "/dir");
    assertRefused("into itself", "fs", "mv", "/dir", "/dir/sub/x");
    assertRefused("exists", "fs", "mkdir", "/dir");
  }

  @Test
  void mountsThatCannotBe() throws IOException {
    Path other = Files.createDirectory(temp.resolve("other"));
    assertRefused("is a mount of", "mount", other.toUri().toString(), "/");
    assertRefused("not a directory", "mount", other.toUri().toString(), "/file");
    assertRefused("missing", "mount", temp.resolve("missing").toUri().toString(), "/m");
    assertRefused("scheme", "mount", "gopher://host/x", "/m");
    assertRefused("s3.endpoin", "mount", "s3://bucket", "/m", "--option", "s3.endpoin=http://x");
    int closed = closedPort();
    assertRefused(
        "cannot be reached",
        "mount",
        "s3://bucket",
        "/m",
        "--option",
        "s3.endpoint=http://127.0.0.1:" + closed,
        "--option",
        "s3.access-key=a",
        "--option",
        "s3.secret-key=b");
    assertThat(cluster.curvine("mounts", "--json").succeeded()).doesNotContain("\"/m\"");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  @Test
  void usageIsExitCodeTwo() {
    for (String[] arguments :
        List.of(
            new String[] {"fs", "nonsense"},
            new String[] {"fs", "cat"},
            new String[] {"local", "--base-port", "many"})) {
      Outcome outcome = cluster.curvine(arguments);
      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
      assertThat(outcome.err()).isNotBlank().doesNotContain("\tat ");
    }
  }

  @Test
  void aSecondClusterOnTheSamePortsOrDataSaysSo() throws IOException {
    Outcome ports =
        cluster.curvine(
            "local",
            "--data-dir",
            temp.resolve("second").toString(),
            "--base-port",
            Integer.toString(cluster.basePort()));
    assertThat(ports.exitCode()).isEqualTo(1);
    assertOneLine(ports, "in use");
    Outcome data = cluster.curvine("local", "--data-dir", temp.resolve("data").toString());
    assertThat(data.exitCode()).isEqualTo(1);
    assertOneLine(data, "already");
  }

  @Test
  void aCorruptConfigurationNamesTheKeyAndTheLine() throws IOException {
    Path unknown =
        Files.writeString(temp.resolve("unknown.toml"), "[client]\nmastres = [\"a:1\"]\n");
    Outcome outcome = cluster.curvine("--config", unknown.toString(), "fs", "ls", "/");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertOneLine(outcome, "mastres");
    assertThat(outcome.err()).contains("2").contains("masters");
    Path broken = Files.writeString(temp.resolve("broken.toml"), "[client\nmasters = 3\n");
    Outcome syntax = cluster.curvine("--config", broken.toString(), "fs", "ls", "/");
    assertThat(syntax.exitCode()).isEqualTo(1);
    assertOneLine(syntax, "broken.toml");
  }
}
