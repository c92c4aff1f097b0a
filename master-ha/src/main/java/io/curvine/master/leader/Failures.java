/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says in the protocol's words why something inside the master failed. */
public final class Failures {
  private Failures() {}

  /** The failure itself, without what futures wrapped around it. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The protocol's code of a failure; INTERNAL for what is none of its own. */
  public static ErrorCode code(Throwable failure) {
    return cause(failure) instanceof CurvineException known ? known.code() : ErrorCode.INTERNAL;
  }

  /** The failure in the protocol's words. */
  public static CurvineException asCurvine(Throwable failure) {
    return cause(failure) instanceof CurvineException known
        ? known
        : new CurvineException(
            ErrorCode.INTERNAL, "internal error: " + cause(failure), cause(failure));
  }

  static Reply reply(Throwable failure) {
    Throwable cause = cause(failure);
    return Reply.refused(
        code(failure), cause instanceof CurvineException ? cause.getMessage() : cause.toString());
  }
}
