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
import java.util.function.LongSupplier;

/**
 * Offsets at which somebody wants the state frozen: at the end of the first entry that ends at or
 * past one, which is the same entry on every master. The apply thread compares two numbers an
 * entry, and takes a snapshot of the database where it is due. Thread-safe.
 */
final class FreezePoints {
  private static final int WAITING_MAX = 8;
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final List<Point> waiting = new ArrayList<>();
  private volatile long nearest = Long.MAX_VALUE;

  private record Point(long offset, long sinceNanos, CompletableFuture<FrozenState> frozen) {}

  FreezePoints(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
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
          give(point, store.freeze());
        } else {
          point.frozen.completeExceptionally(passed(point.offset, after));
        }
      }
    }
    findNearest();
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
   * The state at the end of the first entry that ends at or past an offset; on the apply thread, so
   * what hangs on it is brief. Fails with OFFSET_OUT_OF_RANGE where that is over, with BUSY where
   * too many wait. Whoever gets it closes it.
   */
  CompletableFuture<FrozenState> at(long offset, LiveState live) {
    Point point = new Point(offset, nanoTime.getAsLong(), new CompletableFuture<>());
    synchronized (this) {
      giveUpOld();
      if (waiting.size() >= WAITING_MAX) {
        return CompletableFuture.failedFuture(
            new CurvineException(ErrorCode.BUSY, "too many digests of the state are waited for"));
      }
      waiting.add(point);
      findNearest();
    }
    // After the point can be seen: an entry that is applied now meets one or the other.
    long now = live.applier().nextOffset();
    if (now >= offset) {
      settle(point, now, live.store());
    }
    return point.frozen;
  }

  /** No entry may come soon: the state may stand at the offset already. */
  private void settle(Point point, long now, StateStore store) {
    FrozenState state = store.freeze();
    boolean exact = state.view().meta().nextOffset() == point.offset;
    synchronized (this) {
      if (!waiting.remove(point)) {
        state.close();
        return;
      }
      findNearest();
    }
    if (exact) {
      give(point, state);
    } else {
      state.close();
      point.frozen.completeExceptionally(passed(point.offset, now));
    }
  }

  private void giveUpOld() {
    long now = nanoTime.getAsLong();
    for (Iterator<Point> points = waiting.iterator(); points.hasNext(); ) {
      Point point = points.next();
      if (now - point.sinceNanos > WAIT_MAX.toNanos()) {
        points.remove();
        point.frozen.completeExceptionally(
            new CurvineException(
                ErrorCode.NOT_READY, "offset " + point.offset + " was not reached in time"));
      }
    }
  }
}
