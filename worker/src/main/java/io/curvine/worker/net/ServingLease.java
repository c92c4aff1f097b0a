/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;

/** Whether this worker may serve. Thread-safe. */
@FunctionalInterface
public interface ServingLease {
  /** How much longer the masters let this worker serve, in ns; 0 or less: not any more. */
  long leftNanos();

  /**
   * Passes while the masters let this worker serve.
   *
   * @throws CurvineException FENCED where the lease is over, or none was given yet
   */
  default void check() throws CurvineException {
    if (leftNanos() <= 0) {
      throw new CurvineException(
          ErrorCode.FENCED, "this worker has no lease from a majority of the masters");
    }
  }
}
