/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.Failures;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.Map;

/**
 * What came of one call. Immutable.
 *
 * @param done operations of it that succeeded
 * @param failures the others, by code
 */
record Tally(int done, Map<String, Integer> failures) {
  private static final Tally ONE = new Tally(1, Map.of());

  Tally {
    failures = Map.copyOf(failures);
  }

  /**
   * Of a call that holds one operation.
   *
   * @param failure null: it succeeded
   */
  static Tally of(Throwable failure) {
    return failure == null ? ONE : failed(failure, 1);
  }

  /** None of so many was done. */
  static Tally failed(Throwable failure, int operations) {
    return new Tally(0, Map.of(word(failure), operations));
  }

  private static String word(Throwable failure) {
    Throwable cause = Failures.unwrap(failure);
    return cause instanceof CurvineException refused
        ? refused.code().name()
        : cause.getClass().getSimpleName();
  }

  /** What is not a refusal leaves the outcome open. */
  static ErrorCode code(Throwable failure) {
    return Failures.unwrap(failure) instanceof CurvineException refused
        ? refused.code()
        : ErrorCode.UNKNOWN_OUTCOME;
  }
}
