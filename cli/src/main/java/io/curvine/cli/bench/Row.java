/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import java.util.Locale;
import java.util.StringJoiner;
import org.HdrHistogram.Histogram;

/**
 * One line of the result. Immutable.
 *
 * @param name stage, or part of a mix; with the operations of a call where it holds many
 * @param concurrency calls that were to be open
 * @param opened calls that were open: fewer where a session has no room for more
 */
record Row(
    String name,
    int concurrency,
    int opened,
    Measured.Figures figures,
    CpuUse cpu,
    Compared compared) {
  /**
   * Rates of the same concurrency in the same run; 0: was not measured, or says nothing.
   *
   * @param echoPerSecond of commands that change nothing
   * @param singlePerSecond of the same operations, a call each
   */
  record Compared(double echoPerSecond, double singlePerSecond) {
    static final Compared NONE = new Compared(0, 0);
  }

  Row(String name, int concurrency, Measured.Figures figures, CpuUse cpu) {
    this(name, concurrency, concurrency, figures, cpu, Compared.NONE);
  }

  /** Of calls that hold so many operations each. */
  static String name(Stage stage, int batch) {
    return stage.word() + " x" + batch;
  }

  double perSecond() {
    return figures.perSecond();
  }

  long failed() {
    return figures.failures().values().stream().mapToLong(Long::longValue).sum();
  }

  Row comparedWith(Compared rates) {
    return new Row(name, concurrency, opened, figures, cpu, rates);
  }

  /** What the figures do not say; empty: nothing. */
  String note() {
    StringJoiner note = new StringJoiner(", ");
    if (compared.singlePerSecond > 0) {
      note.add(
          String.format(Locale.ROOT, "%.1f times single", perSecond() / compared.singlePerSecond));
    }
    if (opened < concurrency) {
      note.add("a session has room for " + opened + " open");
    }
    if (figures.ranOut()) {
      note.add(String.format(Locale.ROOT, "no file was left after %.1f s", figures.seconds()));
    }
    figures.failures().forEach((code, count) -> note.add(code + " " + count));
    return note.toString();
  }

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("stage", name)
            .put("concurrency", concurrency)
            .put("opened", opened)
            .put("seconds", figures.seconds())
            .put("calls", figures.calls())
            .put("callsPerSecond", figures.callsPerSecond())
            .put("operations", figures.operations())
            .put("operationsPerSecond", perSecond());
    Histogram latency = figures.latency();
    ObjectNode millis = json.putObject("latencyMillis");
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      millis.put("p" + number(percentile), latency.getValueAtPercentile(percentile) / 1e6);
    }
    millis.put("max", latency.getMaxValue() / 1e6).put("mean", latency.getMean() / 1e6);
    json.put("failed", failed()).put("ranOut", figures.ranOut());
    ObjectNode codes = json.putObject("failures");
    figures.failures().forEach(codes::put);
    if (compared.echoPerSecond > 0) {
      json.put("ofEcho", perSecond() / compared.echoPerSecond);
    }
    if (compared.singlePerSecond > 0) {
      json.put("ofSingle", perSecond() / compared.singlePerSecond);
    }
    json.set("cpu", cpu.toJson(figures.operations()));
    return json;
  }

  private static String number(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString((long) percentile)
        : Double.toString(percentile);
  }
}
