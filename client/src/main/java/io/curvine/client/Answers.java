/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** From calls that end some time to calls that wait. Stateless. */
final class Answers {
  private Answers() {}

  /**
   * Waits. The failure is made anew, so that its stack trace shows who asked.
   *
   * @throws IOException the call's own, or an {@link java.io.InterruptedIOException}; then the call
   *     goes on, and nobody hears how it ends
   */
  static <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw Pauses.interrupted(e);
    } catch (ExecutionException e) {
      Throwable cause = cause(e.getCause());
      if (cause instanceof CurvineException refused) {
        throw new CurvineException(refused.code(), refused.getMessage(), refused);
      }
      if (cause instanceof IOException) {
        throw new IOException(cause.getMessage(), cause);
      }
      throw new IllegalStateException("a call failed by a bug", cause);
    }
  }

  /** What went wrong, out of what carried it from stage to stage. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
