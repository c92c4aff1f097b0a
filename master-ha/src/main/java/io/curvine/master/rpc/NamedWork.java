/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that takes longer than a request does, done once at a time. Whoever asks while it goes on
 * waits for that; whoever asks again by the same name gets what came of it. Thread-safe.
 */
final class NamedWork<T> {
  private String name = "";
  private CompletableFuture<T> last = CompletableFuture.completedFuture(null);

  /**
   * @param asked names the call; empty: it is not asked again
   */
  synchronized CompletableFuture<T> joinOrBegin(String asked, Supplier<CompletableFuture<T>> work) {
    boolean again = !asked.isEmpty() && asked.equals(name) && !last.isCompletedExceptionally();
    if (last.isDone() && !again) {
      name = asked;
      last = work.get();
    }
    return last.copy();
  }
}
