/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.ScaleRun.Level;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
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
    Table table =
        new Table(
            ">FILES",
            ">FILL/S",
            ">CREATE/S",
            ">P99 MS",
            ">RSS MIB",
            ">STATE B/FILE",
            ">JOURNAL B/FILE",
            ">RESTART S");
    for (Level level : levels) {
      table.row(
          format("%,d", level.files()),
          format("%,.0f", level.fillPerSecond()),
          format("%,.0f", level.createsPerSecond()),
          format("%.1f", level.p99Millis()),
          format("%.0f", level.residentBytes() / MIB),
          format("%.0f", (double) level.stateBytes() / level.files()),
          format("%.0f", (double) level.journalBytes() / level.files()),
          format("%.1f", level.restart().toMillis() / 1e3));
    }
    return "\n" + table.render();
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
