/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Those who wait for the journal to grow. Thread-safe; a waiter that ends in any way is forgotten.
 */
final class AppendWaiters {
  private record Waiter(long offset, CompletableFuture<Void> future) {}

  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

  CompletableFuture<Void> await(long offset, LongSupplier nextOffset) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    Waiter waiter = new Waiter(offset, future);
    waiters.add(waiter);
    future.whenComplete((done, failure) -> waiters.remove(waiter));
    // After it was added: an append between the two would be missed otherwise.
    if (nextOffset.getAsLong() > offset) {
      future.complete(null);
    }
    return future;
  }

  void grownTo(long nextOffset) {
    for (Waiter waiter : waiters) {
      if (nextOffset > waiter.offset()) {
        waiter.future().complete(null);
      }
    }
  }

  void failAll(Throwable cause) {
    for (Waiter waiter : waiters) {
      waiter.future().completeExceptionally(cause);
    }
  }

  int count() {
    return waiters.size();
  }
}
