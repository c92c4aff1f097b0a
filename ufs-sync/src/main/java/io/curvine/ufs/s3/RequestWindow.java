/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Keeps a bounded number of requests in flight and hands on their answers in the order in which
 * they were added. One thread uses it; {@link #close} cancels what is still in flight.
 */
final class RequestWindow<T> implements AutoCloseable {
  private final int inFlightMax;
  private final Consumer<T> answered;
  private final Deque<Pending<T>> pending = new ArrayDeque<>();

  private record Pending<T>(String what, CompletableFuture<T> answer) {}

  RequestWindow(int inFlightMax, Consumer<T> answered) {
    this.inFlightMax = inFlightMax;
    this.answered = answered;
  }

  /** Waits until one more request may be sent. */
  void awaitRoom() throws CurvineException {
    while (pending.size() >= inFlightMax) {
      awaitOldest();
    }
  }

  void add(String what, CompletableFuture<T> answer) {
    pending.addLast(new Pending<>(what, answer));
  }

  /** Waits for all. */
  void drain() throws CurvineException {
    while (!pending.isEmpty()) {
      awaitOldest();
    }
  }

  /** Waits for all, whatever comes of them. */
  void awaitEnd() {
    while (!pending.isEmpty()) {
      var unused = pending.removeFirst().answer().handle((answer, failure) -> true).join();
    }
  }

  private void awaitOldest() throws CurvineException {
    Pending<T> oldest = pending.removeFirst();
    answered.accept(S3Requests.await(oldest.what(), oldest.answer()));
  }

  @Override
  public void close() {
    pending.forEach(each -> each.answer().cancel(true));
  }
}
