/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.DisturbRun.Compared;
import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench disturb}. */
@Command(
    name = "disturb",
    description = {
      "Start three masters, make files through them, and measure how that fares during a snapshot, a",
      "compaction, a follower's death and its return, beside the time just before. At the end exactly",
      "what was acknowledged has to be there."
    },
    mixinStandardHelpOptions = true)
final class DisturbCommand extends TrioBench {
  @Option(
      names = "--what",
      paramLabel = "WORD,...",
      split = ",",
      description =
          "Of snapshot, compaction, follower-dead, follower-back, transfer. Default: all.")
  private List<String> what = Disturbance.words();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each. Default: ${DEFAULT-VALUE}.",
      defaultValue = "3")
  private int rounds;

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "Made before anything is measured. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1000000")
  private long fill;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Creates open at a time. Default: ${DEFAULT-VALUE}.",
      defaultValue = "40")
  private int concurrency;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      description = "Before the first measurement. Default: ${DEFAULT-VALUE}.",
      defaultValue = "30s")
  private String warmup;

  @Option(
      names = "--steady",
      paramLabel = "TIME",
      description =
          "Of each measurement without a disturbance, and how long a follower is dead."
              + " Default: ${DEFAULT-VALUE}.",
      defaultValue = "10s")
  private String steady;

  @Override
  void check() {
    disturbances();
    if (rounds < 1 || fill < 0) {
      throw usage(
          "--rounds is " + rounds + " and --files " + fill + "; allowed: from 1, and from 0");
    }
    checkConcurrency(concurrency);
    time("--warmup", warmup);
    time("--steady", steady);
  }

  private List<Disturbance> disturbances() {
    try {
      return what.stream().map(Disturbance::parse).toList();
    } catch (IllegalArgumentException e) {
      throw usage("--what has " + e.getMessage());
    }
  }

  @Override
  void measure(Cluster cluster) throws IOException, InterruptedException {
    BenchTree tree = cluster.tree();
    Fill.run(new BatchOperations(cluster.client().namespace(), tree), tree.files(), fill);
    Duration before = time("--warmup", warmup);
    List<Compared> rows = new ArrayList<>();
    DisturbRun run = new DisturbRun(cluster, concurrency, time("--steady", steady));
    try (run) {
      TimeUnit.NANOSECONDS.sleep(before.toNanos());
      for (int i = 0; i < rounds; i++) {
        for (Disturbance disturbance : disturbances()) {
          rows.add(run.run(disturbance));
          say(line(rows.get(rows.size() - 1)));
        }
      }
    }
    Map<String, Long> failures = run.failures();
    Verdict verdict = cluster.verify();
    show(json(rows, failures, verdict), text(rows, failures, verdict));
    verdict.require();
  }

  private static String line(Compared row) {
    return String.format(
        Locale.ROOT,
        "%s, %.1f s: %.2f of the rate before, p99 %.1f times",
        row.disturbance().text(),
        row.during().seconds(),
        row.rate(),
        row.p99());
  }

  private ObjectNode json(List<Compared> rows, Map<String, Long> failures, Verdict verdict) {
    ObjectNode json = Json.object().put("concurrency", concurrency).put("files", fill);
    ArrayNode array = json.putArray("rows");
    for (Compared row : rows) {
      array
          .addObject()
          .put("disturbance", row.disturbance().word())
          .put("seconds", row.during().seconds())
          .put("perSecond", row.during().perSecond())
          .put("perSecondBefore", row.before().perSecond())
          .put("millisP50", row.during().millis(50))
          .put("millisP50Before", row.before().millis(50))
          .put("millisP99", row.during().millis(99))
          .put("millisP99Before", row.before().millis(99))
          .put("millisMax", row.during().millis(100))
          .put("millisMaxBefore", row.before().millis(100));
    }
    ObjectNode failed = json.putObject("failures");
    failures.forEach(failed::put);
    json.set("verified", verdict.toJson());
    return json;
  }

  private static String text(List<Compared> rows, Map<String, Long> failures, Verdict verdict) {
    Table table =
        new Table(
            "DURING",
            ">S",
            ">CREATE/S",
            ">OF BEFORE",
            ">P50 MS",
            ">P99 MS",
            ">TIMES BEFORE",
            ">MAX MS");
    for (Compared row : rows) {
      table.row(
          row.disturbance().text(),
          decimal(row.during().seconds()),
          String.format(Locale.ROOT, "%,.0f", row.during().perSecond()),
          String.format(Locale.ROOT, "%.2f", row.rate()),
          decimal(row.during().millis(50)),
          decimal(row.during().millis(99)),
          decimal(row.p99()),
          decimal(row.during().millis(100)));
    }
    return String.format(
        Locale.ROOT,
        "%n%sfailed: %s%n%s",
        table.render(),
        failures.isEmpty() ? "none" : failures,
        verdict.text());
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
