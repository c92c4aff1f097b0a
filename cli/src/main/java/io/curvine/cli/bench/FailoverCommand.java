/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.FailoverRun.Outcome;
import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench failover}. */
@Command(
    name = "failover",
    description = {
      "Start three masters, make files through them, kill the leader again and again, and measure",
      "how long nothing is acknowledged. At the end exactly what was acknowledged has to be there."
    },
    mixinStandardHelpOptions = true)
final class FailoverCommand extends TrioBench {
  private static final double MICROS_PER_MILLI = 1e3;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How often the leader is killed; 0: only look. Default: ${DEFAULT-VALUE}.",
      defaultValue = "10")
  private int kills;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Creates open at a time. Default: ${DEFAULT-VALUE}.",
      defaultValue = "40")
  private int concurrency;

  @Option(
      names = "--steady",
      paramLabel = "TIME",
      description =
          "Between two kills, once the killed master is back and in step; with --kills 0 the whole"
              + " run. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5s")
  private String steady;

  @Override
  void check() {
    if (kills < 0) {
      throw usage("--kills is " + kills + "; allowed: from 0");
    }
    checkConcurrency(concurrency);
    time("--steady", steady);
  }

  @Override
  void measure(Cluster cluster) throws IOException, InterruptedException {
    Outcome outcome =
        new FailoverRun(cluster, this::say).run(kills, concurrency, time("--steady", steady));
    Verdict verdict = cluster.verify();
    show(outcome, verdict);
    verdict.require();
  }

  private void show(Outcome outcome, Verdict verdict) throws IOException {
    Histogram outages = new Histogram(3);
    outcome.outages().forEach(nanos -> outages.recordValue(nanos / 1_000));
    double seconds = outcome.time().toMillis() / MICROS_PER_MILLI;
    ObjectNode json =
        Json.object()
            .put("kills", outcome.outages().size())
            .put("concurrency", concurrency)
            .put("seconds", seconds)
            .put("outageMillisP50", outages.getValueAtPercentile(50) / MICROS_PER_MILLI)
            .put("outageMillisP90", outages.getValueAtPercentile(90) / MICROS_PER_MILLI)
            .put("outageMillisP99", outages.getValueAtPercentile(99) / MICROS_PER_MILLI)
            .put("outageMillisMax", outages.getMaxValue() / MICROS_PER_MILLI)
            .put("longestSilenceMillisBefore", outcome.longestSilenceNanos() / 1_000_000)
            .put("terms", outcome.terms())
            .put("acknowledged", outcome.acknowledged());
    ObjectNode failed = json.putObject("failures");
    outcome.failures().forEach(failed::put);
    json.set("verified", verdict.toJson());
    show(json, text(outcome, verdict, outages, seconds));
  }

  private static String text(Outcome outcome, Verdict verdict, Histogram outages, double seconds) {
    String measured =
        outcome.outages().isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                "back to serving after: p50 %.0f ms, p90 %.0f, p99 %.0f, max %.0f%n",
                outages.getValueAtPercentile(50) / MICROS_PER_MILLI,
                outages.getValueAtPercentile(90) / MICROS_PER_MILLI,
                outages.getValueAtPercentile(99) / MICROS_PER_MILLI,
                outages.getMaxValue() / MICROS_PER_MILLI);
    return String.format(
            Locale.ROOT,
            "%n%d kills in %.0f s, %d new terms%n",
            outcome.outages().size(),
            seconds,
            outcome.terms())
        + measured
        + String.format(
            Locale.ROOT,
            "longest time without an acknowledgement before the first kill: %d ms%n"
                + "acknowledged: %,d creates; failed: %s%n"
                + "%s",
            outcome.longestSilenceNanos() / 1_000_000,
            outcome.acknowledged(),
            outcome.failures().isEmpty() ? "none" : outcome.failures(),
            verdict.text());
  }
}
