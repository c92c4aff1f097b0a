/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import java.util.List;
import java.util.Optional;

/** What a node has to show on its admin port. Called by HTTP threads; must not block. */
public interface Served {
  /** Empty: ready. Otherwise why not, one sentence for people. */
  Optional<String> notReadyReason();

  /** What it takes by POST. */
  default List<Intake> intakes() {
    return List.of();
  }

  /** Pages beside those that every node has. */
  default List<Page> pages() {
    return List.of();
  }
}
