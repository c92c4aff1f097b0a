/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What was measured of one row, by one client or by all together. Latencies are those of the calls
 * that succeeded and ended inside the measured time; failures are all, whenever they came.
 * Thread-safe.
 */
final class Measured {
  private static final long LATENCY_MAX_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;

  private final Map<Stage, Histogram> latencies = new EnumMap<>(Stage.class);
  private final Map<String, Long> failures = new TreeMap<>();
  private long nanos;
  private boolean ranOut;

  /** A call succeeded. */
  synchronized void succeeded(Stage stage, long latencyNanos) {
    histogram(stage).recordValue(Math.max(0, Math.min(LATENCY_MAX_NANOS, latencyNanos)));
  }

  /** A call failed. */
  synchronized void failed(String code) {
    failures.merge(code, 1L, Long::sum);
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
    other.failures.forEach((code, count) -> failures.merge(code, count, Long::sum));
    nanos = Math.max(nanos, other.nanos);
    ranOut |= other.ranOut;
  }

  private Histogram histogram(Stage stage) {
    return latencies.computeIfAbsent(stage, each -> new Histogram(LATENCY_MAX_NANOS, DIGITS));
  }

  /** Of one kind; nothing in it where none succeeded. */
  synchronized Histogram latency(Stage stage) {
    return histogram(stage).copy();
  }

  /** Of all kinds together. */
  synchronized Histogram latency() {
    Histogram all = new Histogram(LATENCY_MAX_NANOS, DIGITS);
    latencies.values().forEach(all::add);
    return all;
  }

  /** How many failed, by code. */
  synchronized Map<String, Long> failures() {
    return Map.copyOf(failures);
  }

  synchronized double seconds() {
    return nanos / 1e9;
  }

  /** It ended before its time, because no file was left. */
  synchronized boolean ranOut() {
    return ranOut;
  }

  synchronized ObjectNode toJson() {
    ObjectNode json = Json.object().put("nanos", nanos).put("ranOut", ranOut);
    ObjectNode histograms = json.putObject("latencies");
    latencies.forEach((stage, latency) -> histograms.put(stage.word(), encode(latency)));
    ObjectNode codes = json.putObject("failures");
    failures.forEach(codes::put);
    return json;
  }

  static Measured fromJson(JsonNode json) {
    Measured measured = new Measured();
    json.get("latencies")
        .properties()
        .forEach(
            e -> measured.histogram(Stage.parse(e.getKey())).add(decode(e.getValue().asText())));
    json.get("failures")
        .properties()
        .forEach(e -> measured.failures.put(e.getKey(), e.getValue().asLong()));
    measured.ended(json.get("nanos").asLong(), json.get("ranOut").asBoolean());
    return measured;
  }

  private static String encode(Histogram latency) {
    ByteBuffer bytes = ByteBuffer.allocate(latency.getNeededByteBufferCapacity());
    int length = latency.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
  }

  private static Histogram decode(String text) {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a histogram that cannot be read", e);
    }
  }
}
