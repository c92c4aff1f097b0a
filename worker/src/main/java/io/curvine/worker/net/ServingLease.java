/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;

/** Whether this worker may serve. Thread-safe. */
@FunctionalInterface
public interface ServingLease {
  /**
   * Passes while the masters let this worker serve.
   *
   * @throws CurvineException FENCED where the lease is over, or none was given yet
   */
  void check() throws CurvineException;
}
