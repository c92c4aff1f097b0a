/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Offsets at which somebody wants the state frozen: at the end of the first entry that ends at or
 * past one, which is the same entry on every master. The apply thread compares two numbers an
 * entry, and takes a snapshot of the database where it is due. Thread-safe.
 */
final class FreezePoints {
  private static final int WAITING_MAX = 8;

  private final Duration waitMax;
  private final List<Point> waiting = new ArrayList<>();
  private volatile long nearest = Long.MAX_VALUE;

  private record Point(long offset, CompletableFuture<FrozenState> frozen) {}

  /**
   * @param waitMax how long one waits for its offset
   */
  FreezePoints(Duration waitMax) {
    this.waitMax = waitMax;
  }

  /**
   * An entry was applied; on the apply thread.
   *
   * @param before next offset before it
   * @param after next offset now
   */
  void applied(long before, long after, StateStore store) {
    if (after >= nearest) {
      freezeDue(before, after, store);
    }
  }

  private synchronized void freezeDue(long before, long after, StateStore store) {
    for (Iterator<Point> points = waiting.iterator(); points.hasNext(); ) {
      Point point = points.next();
      if (point.offset <= after) {
        points.remove();
        // One that was asked for while later entries were applied already is not this entry's.
        if (before < point.offset) {
          freezeFor(point, store);
        } else {
          point.frozen.completeExceptionally(passed(point.offset, after));
        }
      }
    }
    findNearest();
  }

  /** Entries go on to be applied where a state cannot be frozen: who asked for it is told. */
  private static void freezeFor(Point point, StateStore store) {
    try {
      give(point, store.freeze());
    } catch (RuntimeException e) {
      point.frozen.completeExceptionally(e);
    }
  }

  /** Who has given up waiting does not close it. */
  private static void give(Point point, FrozenState state) {
    if (!point.frozen.complete(state)) {
      state.close();
    }
  }

  private void findNearest() {
    nearest = waiting.stream().mapToLong(Point::offset).min().orElse(Long.MAX_VALUE);
  }

  private static CurvineException passed(long offset, long now) {
    return new CurvineException(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        "the state has passed offset " + offset + "; allowed: " + now + " or later");
  }

  /**
   * The state at the end of the first entry that ends at or past an offset. Fails with
   * OFFSET_OUT_OF_RANGE where that is over, with NOT_READY where it does not come in time, with
   * BUSY where too many wait. Whoever gets it closes it.
   *
   * <p>Completes on the apply thread; on the caller's where the state stands there already, and on
   * one of a timer where it is given up. What hangs on it is brief.
   */
  CompletableFuture<FrozenState> at(long offset, LiveState live) {
    return at(offset, live.applier()::nextOffset, live.store()::freeze);
  }

  /** As {@link #at(long, LiveState)}. */
  CompletableFuture<FrozenState> at(
      long offset, LongSupplier nextOffset, Supplier<FrozenState> freeze) {
    Point point = new Point(offset, new CompletableFuture<>());
    synchronized (this) {
      if (waiting.size() >= WAITING_MAX) {
        return CompletableFuture.failedFuture(
            new CurvineException(ErrorCode.BUSY, "too many digests of the state are waited for"));
      }
      waiting.add(point);
      findNearest();
    }
    CompletableFuture<FrozenState> answer =
        point
            .frozen
            .orTimeout(waitMax.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((state, failure) -> remove(point))
            .exceptionallyCompose(failure -> CompletableFuture.failedFuture(why(offset, failure)));
    // After the point can be seen: an entry that is applied now meets one or the other.
    try {
      long now = nextOffset.getAsLong();
      if (now >= offset) {
        settle(point, now, freeze.get());
      }
    } catch (RuntimeException e) {
      point.frozen.completeExceptionally(e);
    }
    return answer;
  }

  private static Throwable why(long offset, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof TimeoutException
        ? new CurvineException(ErrorCode.NOT_READY, "offset " + offset + " was not reached in time")
        : cause;
  }

  /** No entry may come soon: the state may stand at the offset already. */
  private void settle(Point point, long now, FrozenState state) {
    boolean exact = state.view().meta().nextOffset() == point.offset;
    if (!remove(point)) {
      state.close();
    } else if (exact) {
      give(point, state);
    } else {
      state.close();
      point.frozen.completeExceptionally(passed(point.offset, now));
    }
  }

  private synchronized boolean remove(Point point) {
    boolean waited = waiting.remove(point);
    findNearest();
    return waited;
  }
}
