/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;

/** A configuration as a document: what is in force, and where each value was given. Stateless. */
public final class EffectiveConfig {
  /** Where a node shows its own. */
  public static final String PAGE = "/config";

  private EffectiveConfig() {}

  /** Each section an object, each key in it one with {@code value} and {@code origin}. */
  public static ObjectNode json(Configuration configuration) {
    ObjectNode json = Json.object();
    for (Section section : configuration.sections()) {
      ObjectNode values = json.putObject(section.name());
      for (Key key : section.keys()) {
        values
            .putObject(key.name())
            .put("value", configuration.text(key))
            .put("origin", configuration.origin(key).orElse("default"));
      }
    }
    return json;
  }
}
