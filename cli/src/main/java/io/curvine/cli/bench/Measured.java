/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one row, by one client or by all together. Latencies are those of the calls
 * that succeeded and ended inside the measured time; failures are all, whenever they came.
 * Thread-safe.
 */
final class Measured {
  private final Map<Stage, Histogram> latencies = new EnumMap<>(Stage.class);

  /** Of the calls that succeeded; one each, unless they hold many. */
  private final Map<Stage, Long> operations = new EnumMap<>(Stage.class);

  private final Map<String, Long> failures = new TreeMap<>();
  private long nanos;
  private boolean ranOut;

  /** A call succeeded, with so many operations in it. */
  synchronized void succeeded(Stage stage, long latencyNanos, int done) {
    operations.merge(stage, (long) done, Long::sum);
    Histograms.record(histogram(stage), latencyNanos);
  }

  /** So many operations failed. */
  synchronized void failed(String code, int count) {
    failures.merge(code, (long) count, Long::sum);
  }

  /**
   * The time is over.
   *
   * @param measuredNanos how long it was; 0: the warm-up did not end
   * @param early there was nothing left to do
   */
  synchronized void ended(long measuredNanos, boolean early) {
    nanos = measuredNanos;
    ranOut = early;
  }

  /** Adds what another client measured at the same time. */
  synchronized void add(Measured other) {
    other.latencies.forEach((stage, latency) -> histogram(stage).add(latency));
    other.operations.forEach((stage, count) -> operations.merge(stage, count, Long::sum));
    other.failures.forEach((code, count) -> failures.merge(code, count, Long::sum));
    nanos = Math.max(nanos, other.nanos);
    ranOut |= other.ranOut;
  }

  private Histogram histogram(Stage stage) {
    return latencies.computeIfAbsent(stage, each -> Histograms.ofNanos());
  }

  /**
   * What a row shows of it. Immutable.
   *
   * @param latency in nanoseconds, of the calls that succeeded in the measured time
   * @param operations of these calls
   * @param failures of operations, by code
   * @param ranOut it ended before its time, because no file was left
   */
  record Figures(
      Histogram latency,
      long operations,
      double seconds,
      Map<String, Long> failures,
      boolean ranOut) {
    long calls() {
      return latency.getTotalCount();
    }

    double callsPerSecond() {
      return seconds > 0 ? calls() / seconds : 0;
    }

    /** Operations. */
    double perSecond() {
      return seconds > 0 ? operations / seconds : 0;
    }
  }

  /** Of one kind, without failures; nothing in it where none succeeded. */
  synchronized Figures figures(Stage stage) {
    return new Figures(
        histogram(stage).copy(), operations.getOrDefault(stage, 0L), nanos / 1e9, Map.of(), false);
  }

  /** Of all kinds together. */
  synchronized Figures figures() {
    Histogram all = Histograms.ofNanos();
    latencies.values().forEach(all::add);
    long sum = operations.values().stream().mapToLong(Long::longValue).sum();
    return new Figures(all, sum, nanos / 1e9, Map.copyOf(failures), ranOut);
  }

  synchronized ObjectNode toJson() {
    ObjectNode json = Json.object().put("nanos", nanos).put("ranOut", ranOut);
    ObjectNode histograms = json.putObject("latencies");
    latencies.forEach((stage, latency) -> histograms.put(stage.word(), Histograms.encode(latency)));
    ObjectNode counts = json.putObject("operations");
    operations.forEach((stage, count) -> counts.put(stage.word(), count));
    ObjectNode codes = json.putObject("failures");
    failures.forEach(codes::put);
    return json;
  }

  static Measured fromJson(JsonNode json) {
    Measured measured = new Measured();
    json.get("latencies")
        .properties()
        .forEach(
            e ->
                measured
                    .histogram(Stage.parse(e.getKey()))
                    .add(Histograms.decode(e.getValue().asText())));
    json.get("operations")
        .properties()
        .forEach(e -> measured.operations.put(Stage.parse(e.getKey()), e.getValue().asLong()));
    json.get("failures")
        .properties()
        .forEach(e -> measured.failures.put(e.getKey(), e.getValue().asLong()));
    measured.ended(json.get("nanos").asLong(), json.get("ranOut").asBoolean());
    return measured;
  }
}
