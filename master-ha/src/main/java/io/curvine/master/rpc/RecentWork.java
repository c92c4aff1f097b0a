/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that takes longer than a request does, several at a time. Whoever asks again by the same
 * name waits for the same, or gets what came of it. Thread-safe.
 */
final class RecentWork<T> {
  private final int worksMax;
  private final Map<String, CompletableFuture<T>> works = new LinkedHashMap<>();

  /**
   * @param worksMax at the same time, and kept for those who ask again
   */
  RecentWork(int worksMax) {
    this.worksMax = worksMax;
  }

  /**
   * Fails with BUSY where too much is going on.
   *
   * @param asked names the call; empty: it is not asked again
   */
  synchronized CompletableFuture<T> joinOrBegin(String asked, Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> same = works.get(asked);
    if (same != null && !same.isCompletedExceptionally()) {
      return same.copy();
    }
    works.remove(asked);
    if (works.size() >= worksMax && !works.values().removeIf(CompletableFuture::isDone)) {
      return CompletableFuture.failedFuture(
          new CurvineException(ErrorCode.BUSY, "too much of this is going on; try later"));
    }
    CompletableFuture<T> begun = work.get();
    works.put(asked.isEmpty() ? UUID.randomUUID().toString() : asked, begun);
    return begun.copy();
  }

  /** Nobody will ask for it again. */
  synchronized void forget(String asked) {
    works.remove(asked);
  }
}
