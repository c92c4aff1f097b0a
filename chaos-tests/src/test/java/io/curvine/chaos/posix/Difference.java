/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.List;

/**
 * Where two sides did not do the same.
 *
 * @param step index of the step
 * @param what the step, or what was compared after it
 * @param kind the same for differences that are most likely of one cause
 * @param effective the steps up to there that did something
 */
record Difference(
    int step, String what, String kind, String expected, String seen, List<Step> effective) {
  /** For people. */
  String text() {
    return what + "\n    local: " + expected + "\n    mount: " + seen;
  }
}
