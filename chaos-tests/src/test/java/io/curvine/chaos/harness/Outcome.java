/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

/** How a command of a person ended. */
public record Outcome(int exitCode, String out, String err) {
  /** Its output, after checking that it succeeded. */
  public String succeeded() {
    if (exitCode != 0) {
      throw new AssertionError("exit code " + exitCode + "\n" + out + "\n" + err);
    }
    return out;
  }
}
