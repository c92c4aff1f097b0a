/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.BenchRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code curvine bench invalidate} with processes and a mount of its own. */
final class BenchInvalidateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temp;

  @Test
  void changesBehindTheCacheComeThroughTheMount() throws Exception {
    Path cluster = Files.createDirectory(temp.resolve("cluster"));
    BenchRun run =
        BenchRun.of(
            PATIENCE,
            temp.resolve("report.json"),
            "invalidate",
            "--changes=100",
            "--files=7",
            "--size=40KiB",
            "--local-dir=" + cluster);
    JsonNode report = run.report();
    assertThat(report.get("source").asText()).isEqualTo("inotify");
    assertThat(report.get("changes").asInt()).isEqualTo(100);
    assertThat(report.get("mixedReads").asInt()).isZero();
    assertThat(report.get("wentBack").asInt()).isZero();
    assertThat(run.out()).contains("100 changes of 7 files of 40KiB, told by inotify");
    assertThat(cluster).isEmptyDirectory();
  }
}
