/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;

/**
 * What a client process is to do. Immutable.
 *
 * @param kind how bytes are moved
 * @param threads each on a connection, or a reader, of its own
 * @param window requests of a thread that are open where the case has a window
 * @param place of the data: a file, or of Curvine's cases a path in the cluster
 * @param endpoint of the limits' server, as host:port; of the other cases unused
 * @param sizeBytes of the data
 */
record DataOrder(
    DataCase kind,
    int threads,
    int window,
    String place,
    String endpoint,
    long sizeBytes,
    long warmupMillis,
    long durationMillis) {
  ObjectNode toJson() {
    return Json.object()
        .put("kind", kind.word())
        .put("threads", threads)
        .put("window", window)
        .put("place", place)
        .put("endpoint", endpoint)
        .put("sizeBytes", sizeBytes)
        .put("warmupMillis", warmupMillis)
        .put("durationMillis", durationMillis);
  }

  static DataOrder fromJson(JsonNode json) {
    return new DataOrder(
        DataCase.parse(json.get("kind").asText()),
        json.get("threads").asInt(),
        json.get("window").asInt(),
        json.get("place").asText(),
        json.get("endpoint").asText(),
        json.get("sizeBytes").asLong(),
        json.get("warmupMillis").asLong(),
        json.get("durationMillis").asLong());
  }
}
