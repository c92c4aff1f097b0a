/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that end early when the client is closed. Thread-safe. */
final class Pauses {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Object, CompletableFuture<Void>> pauses = new ConcurrentHashMap<>();

  /**
   * Waits.
   *
   * @throws IOException where the client is closed, or the thread is interrupted
   */
  void await(long nanos) throws IOException {
    try {
      if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
        throw closedFailure();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Ends after that time; with an {@link IOException} where the client is closed. */
  CompletableFuture<Void> later(long nanos) {
    CompletableFuture<Void> pause = new CompletableFuture<>();
    Object key = new Object();
    pauses.put(key, pause);
    if (isClosed()) {
      pause.completeExceptionally(closedFailure());
    }
    CompletableFuture<Void> over = pause.whenComplete((done, closing) -> pauses.remove(key));
    pause.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
    return over;
  }

  void close() {
    closed.countDown();
    pauses.values().forEach(pause -> pause.completeExceptionally(closedFailure()));
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  static IOException closedFailure() {
    return new IOException("the client is closed");
  }

  /** The failure of a call whose thread was interrupted; the thread stays so. */
  static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("interrupted while waiting");
    failure.initCause(cause);
    return failure;
  }
}
