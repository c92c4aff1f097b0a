/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells when this master's state has reached an offset. Thread-safe; the apply thread pays for one
 * look at a number where nobody waits for what it applied.
 */
public final class AppliedOffset {
  private static final CompletableFuture<Void> REACHED = CompletableFuture.completedFuture(null);

  private record Waiter(long offset, CompletableFuture<Void> reached) {}

  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>(Comparator.comparingLong(Waiter::offset));

  // A waiter writes the second and then reads the first, the apply thread the other way round: one
  // of them sees the other.
  private volatile long applied;
  private volatile long lowestAwaited = Long.MAX_VALUE;

  /** The state holds all events below this, or more. */
  public long now() {
    return applied;
  }

  /** The state was written; called on the apply thread, and before it where a state is adopted. */
  public void advanced(long nextOffset) {
    applied = nextOffset;
    if (nextOffset >= lowestAwaited) {
      release();
    }
  }

  private void release() {
    CompletableFuture<Void> reached;
    while ((reached = pollReached()) != null) {
      reached.complete(null);
    }
  }

  private synchronized CompletableFuture<Void> pollReached() {
    Waiter first = waiters.peek();
    if (first == null || first.offset > applied) {
      lowestAwaited = first == null ? Long.MAX_VALUE : first.offset;
      return null;
    }
    return waiters.remove().reached;
  }

  /**
   * Completes when the state holds all events below the offset: at once, or on the apply thread,
   * which what follows must not hold up. Fails with NOT_READY when that takes too long.
   */
  public CompletableFuture<Void> reach(long offset, Duration patience) {
    if (applied >= offset) {
      return REACHED;
    }
    Waiter waiter = new Waiter(offset, new CompletableFuture<>());
    synchronized (this) {
      waiters.add(waiter);
      lowestAwaited = Math.min(lowestAwaited, offset);
    }
    if (applied >= offset) {
      release();
    }
    return waiter
        .reached
        .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionally(failure -> late(waiter, failure));
  }

  private Void late(Waiter waiter, Throwable failure) {
    synchronized (this) {
      waiters.remove(waiter);
    }
    throw new java.util.concurrent.CompletionException(
        failure instanceof TimeoutException
            ? new CurvineException(
                ErrorCode.NOT_READY,
                "this master is at offset " + applied + " and was asked for " + waiter.offset)
            : failure);
  }
}
