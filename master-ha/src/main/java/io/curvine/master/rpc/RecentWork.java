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
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Work that takes longer than a request does, several at a time. Whoever asks again by the same
 * name waits for the same, or gets what came of it. Thread-safe.
 */
final class RecentWork<T> {
  private final int worksMax;
  private final LongSupplier clockNanos;
  private final Map<String, Work<T>> works = new LinkedHashMap<>();

  private record Work<T>(Wanted wanted, CompletableFuture<T> done) {
    boolean isDone() {
      return done.isDone();
    }
  }

  /**
   * @param worksMax at the same time, and kept for those who ask again
   */
  RecentWork(int worksMax) {
    this(worksMax, System::nanoTime);
  }

  RecentWork(int worksMax, LongSupplier clockNanos) {
    this.worksMax = worksMax;
    this.clockNanos = clockNanos;
  }

  /**
   * Fails with BUSY where too much is going on.
   *
   * @param asked names the call; empty: it is not asked again
   * @param work begins it; it is told whether somebody waits for it still
   */
  synchronized CompletableFuture<T> joinOrBegin(
      String asked, Function<Wanted, CompletableFuture<T>> work) {
    Work<T> same = works.get(asked);
    if (same != null && !same.done.isCompletedExceptionally()) {
      same.wanted.asked();
      return same.done.copy();
    }
    works.remove(asked);
    if (works.size() >= worksMax && !works.values().removeIf(Work::isDone)) {
      return CompletableFuture.failedFuture(
          new CurvineException(ErrorCode.BUSY, "too much of this is going on; try later"));
    }
    Wanted wanted = new Wanted(clockNanos);
    CompletableFuture<T> begun = work.apply(wanted);
    works.put(asked.isEmpty() ? UUID.randomUUID().toString() : asked, new Work<>(wanted, begun));
    return begun.copy();
  }

  /** Nobody will ask for it again. */
  synchronized void forget(String asked) {
    works.remove(asked);
  }
}
