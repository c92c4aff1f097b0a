/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.ScaleRun.Level;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench scale}. */
@Command(
    name = "scale",
    description = {
      "Start three masters and fill them with files, and measure on the way: creates a second,",
      "memory, bytes on the disk, and how long a start takes."
    },
    mixinStandardHelpOptions = true)
final class ScaleCommand extends TrioBench {
  private static final double MIB = 1 << 20;

  @Option(
      names = "--files",
      paramLabel = "N,...",
      split = ",",
      description = "How many, a row each, ascending. Default: ${DEFAULT-VALUE}.",
      defaultValue = "100000,1000000")
  private List<Long> files;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Creates open at a time when they are measured. Default: ${DEFAULT-VALUE}.",
      defaultValue = "256")
  private int concurrency;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      description = "Before each measurement of creates. Default: ${DEFAULT-VALUE}.",
      defaultValue = "20s")
  private String warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Of each measurement of creates. Default: ${DEFAULT-VALUE}.",
      defaultValue = "10s")
  private String duration;

  @Override
  void check() {
    if (files.stream().anyMatch(n -> n < 1)
        || !files.equals(files.stream().distinct().sorted().toList())) {
      throw usage("--files is " + files + "; allowed: numbers from 1, each more than the last");
    }
    checkConcurrency(concurrency);
    time("--warmup", warmup);
    time("--duration", duration);
  }

  @Override
  void measure(Cluster cluster) throws IOException, InterruptedException {
    ScaleRun run = new ScaleRun(cluster);
    List<Level> levels = new ArrayList<>();
    for (long target : files) {
      Level level =
          run.level(target, concurrency, time("--warmup", warmup), time("--duration", duration));
      levels.add(level);
      say(
          String.format(
              Locale.ROOT,
              "%,d files: %,.0f creates a second, serving %.1f s after all were killed",
              level.files(),
              level.createsPerSecond(),
              level.restart().toMillis() / 1e3));
    }
    show(levels);
  }

  private void show(List<Level> levels) throws IOException {
    ObjectNode json = Json.object().put("concurrency", concurrency);
    ArrayNode rows = json.putArray("levels");
    for (Level level : levels) {
      rows.addObject()
          .put("files", level.files())
          .put("fillPerSecond", level.fillPerSecond())
          .put("createsPerSecond", level.createsPerSecond())
          .put("createMillisP99", level.p99Millis())
          .put("residentBytes", level.residentBytes())
          .put("stateBytes", level.stateBytes())
          .put("journalBytes", level.journalBytes())
          .put("restartMillis", level.restart().toMillis());
    }
    show(json, table(levels));
  }

  private static String table(List<Level> levels) {
    StringBuilder table =
        new StringBuilder(
            String.format(
                "%n%12s %10s %10s %9s %9s %12s %14s %10s%n",
                "FILES",
                "FILL/S",
                "CREATE/S",
                "P99 MS",
                "RSS MIB",
                "STATE B/FILE",
                "JOURNAL B/FILE",
                "RESTART S"));
    for (Level level : levels) {
      table.append(
          String.format(
              Locale.ROOT,
              "%,12d %,10.0f %,10.0f %9.1f %9.0f %12.0f %14.0f %10.1f%n",
              level.files(),
              level.fillPerSecond(),
              level.createsPerSecond(),
              level.p99Millis(),
              level.residentBytes() / MIB,
              (double) level.stateBytes() / level.files(),
              (double) level.journalBytes() / level.files(),
              level.restart().toMillis() / 1e3));
    }
    return table.toString();
  }
}
