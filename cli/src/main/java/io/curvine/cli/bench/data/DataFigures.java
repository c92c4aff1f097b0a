/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.Histograms;
import io.curvine.cli.output.Json;
import org.HdrHistogram.Histogram;

/**
 * What came of one order. Immutable.
 *
 * @param bytes moved in the measured time
 * @param seconds that it took
 * @param latency of each request, in ns
 */
record DataFigures(long bytes, double seconds, Histogram latency) {
  private static final double MIB = 1 << 20;

  double mibPerSecond() {
    return seconds > 0 ? bytes / MIB / seconds : 0;
  }

  double medianMicros() {
    return latency.getValueAtPercentile(50) / 1e3;
  }

  ObjectNode toJson() {
    return Json.object()
        .put("bytes", bytes)
        .put("seconds", seconds)
        .put("latency", Histograms.encode(latency));
  }

  static DataFigures fromJson(JsonNode json) {
    return new DataFigures(
        json.get("bytes").asLong(),
        json.get("seconds").asDouble(),
        Histograms.decode(json.get("latency").asText()));
  }
}
