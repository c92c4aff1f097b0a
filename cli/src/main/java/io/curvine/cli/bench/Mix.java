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
import java.util.stream.Collectors;

/**
 * How often each kind of call comes, as weights. Immutable.
 *
 * @param weights at least one, each 1 or more
 */
record Mix(Map<Stage, Integer> weights) {
  private static final int WEIGHT_MAX = 1_000_000;

  Mix {
    EnumMap<Stage, Integer> ordered = new EnumMap<>(Stage.class);
    ordered.putAll(weights);
    weights = ordered;
  }

  /** Of one kind alone. */
  static Mix of(Stage stage) {
    return new Mix(Map.of(stage, 1));
  }

  /**
   * Reads {@code stat=70,create=20,delete=10}.
   *
   * @throws IllegalArgumentException saying what is wrong and what is allowed
   */
  static Mix parse(String text) {
    EnumMap<Stage, Integer> weights = new EnumMap<>(Stage.class);
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "'" + part + "' in the mix '" + text + "' is not STAGE=WEIGHT");
      }
      Stage stage = Stage.parse(part.substring(0, equals).trim());
      if (stage == Stage.FSYNC) {
        throw new IllegalArgumentException("fsync is not a call, and cannot be in a mix");
      }
      if (weights.put(stage, weight(part.substring(equals + 1).trim(), text)) != null) {
        throw new IllegalArgumentException(stage.word() + " is twice in the mix '" + text + "'");
      }
    }
    return new Mix(weights);
  }

  private static int weight(String number, String text) {
    try {
      int weight = Integer.parseInt(number);
      if (weight >= 1 && weight <= WEIGHT_MAX) {
        return weight;
      }
    } catch (NumberFormatException e) {
      throw refused(number, text, e);
    }
    throw refused(number, text, null);
  }

  private static IllegalArgumentException refused(String number, String text, Exception cause) {
    return new IllegalArgumentException(
        "weight '" + number + "' in the mix '" + text + "'; allowed: 1 to " + WEIGHT_MAX, cause);
  }

  boolean needsFiles() {
    return weights.keySet().stream().anyMatch(Stage::needsFiles);
  }

  /** Files get fewer by it, and may run out. */
  boolean takesFiles() {
    return weights.containsKey(Stage.DELETE);
  }

  /** One kind alone. */
  boolean single() {
    return weights.size() == 1;
  }

  /**
   * The kind that a random number stands for.
   *
   * @param random 0 or more, less than {@link #total}
   */
  Stage choose(int random) {
    int left = random;
    for (Map.Entry<Stage, Integer> each : weights.entrySet()) {
      left -= each.getValue();
      if (left < 0) {
        return each.getKey();
      }
    }
    throw new IllegalArgumentException(random + " is not less than " + total());
  }

  int total() {
    return weights.values().stream().mapToInt(Integer::intValue).sum();
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    weights.forEach((stage, weight) -> json.put(stage.word(), weight));
    return json;
  }

  static Mix fromJson(JsonNode json) {
    EnumMap<Stage, Integer> weights = new EnumMap<>(Stage.class);
    json.properties().forEach(e -> weights.put(Stage.parse(e.getKey()), e.getValue().asInt()));
    return new Mix(weights);
  }

  /** As it was typed; a single one by its name. */
  @Override
  public String toString() {
    return single()
        ? weights.keySet().iterator().next().word()
        : weights.entrySet().stream()
            .map(each -> each.getKey().word() + "=" + each.getValue())
            .collect(Collectors.joining(","));
  }
}
