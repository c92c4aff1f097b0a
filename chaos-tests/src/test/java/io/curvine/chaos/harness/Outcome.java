/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** How a command of a person ended. */
public record Outcome(int exitCode, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Its output, after checking that it succeeded. */
  public String succeeded() {
    if (exitCode != 0) {
      throw new AssertionError("exit code " + exitCode + "\n" + out + "\n" + err);
    }
    return out;
  }

  /** The same, read as JSON. */
  public JsonNode json() {
    try {
      return JSON.readTree(succeeded());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + out, e);
    }
  }
}
