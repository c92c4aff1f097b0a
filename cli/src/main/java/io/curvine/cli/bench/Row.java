/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.HdrHistogram.Histogram;

/**
 * One line of the result. Immutable.
 *
 * @param name stage, or part of a mix
 * @param latency in nanoseconds, of the calls that succeeded in the measured time
 * @param failures by code
 * @param echoPerSecond of the same concurrency in the same run; 0: was not measured
 */
record Row(
    String name,
    int concurrency,
    Histogram latency,
    double seconds,
    Map<String, Long> failures,
    boolean ranOut,
    CpuUse cpu,
    double echoPerSecond) {
  long calls() {
    return latency.getTotalCount();
  }

  double perSecond() {
    return seconds > 0 ? calls() / seconds : 0;
  }

  long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  Row comparedWith(double echo) {
    return new Row(name, concurrency, latency, seconds, failures, ranOut, cpu, echo);
  }

  /** What the figures do not say; empty: nothing. */
  String note() {
    StringJoiner note = new StringJoiner(", ");
    if (ranOut) {
      note.add(String.format(Locale.ROOT, "no file was left after %.1f s", seconds));
    }
    failures.forEach((code, count) -> note.add(code + " " + count));
    return note.toString();
  }

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("stage", name)
            .put("concurrency", concurrency)
            .put("seconds", seconds)
            .put("calls", calls())
            .put("callsPerSecond", perSecond());
    ObjectNode millis = json.putObject("latencyMillis");
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      millis.put("p" + number(percentile), latency.getValueAtPercentile(percentile) / 1e6);
    }
    millis.put("max", latency.getMaxValue() / 1e6).put("mean", latency.getMean() / 1e6);
    json.put("failed", failed()).put("ranOut", ranOut);
    ObjectNode codes = json.putObject("failures");
    failures.forEach(codes::put);
    if (echoPerSecond > 0) {
      json.put("ofEcho", perSecond() / echoPerSecond);
    }
    json.set("cpu", cpu.toJson(calls()));
    return json;
  }

  private static String number(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString((long) percentile)
        : Double.toString(percentile);
  }
}
