/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads files on a thread that may block.
 *
 * @param <T> what it gives
 */
@FunctionalInterface
interface BlockingWork<T> {
  T run() throws IOException;

  /**
   * Begins it on bounded threads; fails with BUSY where those have enough to do.
   *
   * @param busy what to say then
   */
  static <T> CompletableFuture<T> begin(Executor threads, String busy, BlockingWork<T> work) {
    try {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return work.run();
            } catch (IOException e) {
              throw new CompletionException(e);
            }
          },
          threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new CurvineException(ErrorCode.BUSY, busy));
    }
  }
}
