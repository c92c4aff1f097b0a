/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import java.util.concurrent.TimeUnit;

/**
 * What a client has to do for one row. Immutable.
 *
 * @param batch operations in a call; 0: single calls
 * @param concurrency calls that are open at a time
 * @param warmupMillis before anything is measured
 * @param durationMillis of the measurement
 * @param ratePerSecond calls that are due in a second, whatever the answers do; 0: the next call
 *     when one has ended
 */
record Order(
    Mix mix,
    int batch,
    int concurrency,
    long warmupMillis,
    long durationMillis,
    double ratePerSecond) {
  long warmupNanos() {
    return TimeUnit.MILLISECONDS.toNanos(warmupMillis);
  }

  long durationNanos() {
    return TimeUnit.MILLISECONDS.toNanos(durationMillis);
  }

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("batch", batch)
            .put("concurrency", concurrency)
            .put("warmupMillis", warmupMillis)
            .put("durationMillis", durationMillis)
            .put("ratePerSecond", ratePerSecond);
    json.set("mix", mix.toJson());
    return json;
  }

  static Order fromJson(JsonNode json) {
    return new Order(
        Mix.fromJson(json.get("mix")),
        json.get("batch").asInt(),
        json.get("concurrency").asInt(),
        json.get("warmupMillis").asLong(),
        json.get("durationMillis").asLong(),
        json.get("ratePerSecond").asDouble());
  }
}
