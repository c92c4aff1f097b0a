/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.http;

import java.util.Optional;

/** Tells whether a node serves. Called by HTTP threads; must not block. */
@FunctionalInterface
public interface Readiness {
  /** Empty: ready. Otherwise why not, one sentence for people. */
  Optional<String> notReadyReason();
}
