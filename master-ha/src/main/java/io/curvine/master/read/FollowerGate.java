/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets a master that does not lead answer reads. Thread-safe.
 *
 * <p>A read <i>passes</i> when the leader was asked after the read came how far its state is, and
 * this master's state is as far: it then holds all that was acknowledged before the read. It may
 * hold more, which the leader commits and has not applied; an answer from it would be ahead of
 * reads at the leader that come later. So a linearizable answer is given out only when it is
 * <i>confirmed</i> that the leader's state is as far as the answer's. A read that may be stale need
 * not be confirmed: its answer says where it stands.
 */
public final class FollowerGate {
  private static final Duration CATCH_UP_MAX = Duration.ofSeconds(2);

  /**
   * What was passed.
   *
   * @param offset that the leader's state had reached, and this one has
   * @param askedNanos when the leader was asked
   */
  public record Point(long offset, long askedNanos) {}

  private final Supplier<CompletableFuture<Long>> leaderOffset;
  private final AppliedOffset applied;
  private final SharedRound<Void> hurries;
  private final LongSupplier clockNanos;
  private final SharedRound<Point> rounds = new SharedRound<>(this::ask);
  private final AtomicReference<Point> newest = new AtomicReference<>();

  /**
   * A gate that nothing has passed.
   *
   * @param leaderOffset asks the leader how far its state is, and whether it leads
   * @param hurry has the leader tell this master what is committed, and says when that is done or
   *     in vain
   */
  public FollowerGate(
      Supplier<CompletableFuture<Long>> leaderOffset,
      AppliedOffset applied,
      Supplier<CompletableFuture<Void>> hurry,
      LongSupplier clockNanos) {
    this.leaderOffset = leaderOffset;
    this.applied = applied;
    this.hurries = new SharedRound<>(hurry);
    this.clockNanos = clockNanos;
  }

  private CompletableFuture<Point> ask() {
    long askedNanos = clockNanos.getAsLong();
    return leaderOffset.get().thenApply(offset -> new Point(offset, askedNanos));
  }

  /** Completes when the state holds all events below the offset; NOT_READY if that takes long. */
  public CompletableFuture<Void> reach(long offset, Duration patience) {
    CompletableFuture<Void> reached = applied.reach(offset, patience);
    if (!reached.isDone()) {
      var unused = hurries.join();
    }
    return reached;
  }

  /**
   * Completes when a read that came before this call has passed; fails with NOT_READY, or as the
   * question to the leader did.
   */
  public CompletableFuture<Point> pass() {
    return rounds
        .join()
        .thenCompose(
            point -> reach(point.offset, CATCH_UP_MAX).thenApply(reached -> passed(point)));
  }

  private Point passed(Point point) {
    newest.accumulateAndGet(point, FollowerGate::later);
    return point;
  }

  private static Point later(Point known, Point now) {
    return known == null || known.askedNanos - now.askedNanos < 0 ? now : known;
  }

  /**
   * Completes when an answer that passed at a point may be given out as linearizable.
   *
   * @param answerOffset how far the state was that the answer is from
   */
  public CompletableFuture<Void> confirm(Point point, long answerOffset) {
    return confirm(point, answerOffset, clockNanos.getAsLong());
  }

  private CompletableFuture<Void> confirm(Point point, long answerOffset, long beganNanos) {
    if (answerOffset <= point.offset) {
      return CompletableFuture.completedFuture(null);
    }
    if (clockNanos.getAsLong() - beganNanos > CATCH_UP_MAX.toNanos()) {
      return CompletableFuture.failedFuture(
          new CurvineException(
              ErrorCode.NOT_READY,
              "the leader is at offset " + point.offset + ", behind the answer's " + answerOffset));
    }
    return rounds.join().thenCompose(next -> confirm(next, answerOffset, beganNanos));
  }

  /** Whether the state holds all that was acknowledged {@code staleness} ago. */
  public boolean passedWithin(Duration staleness) {
    Point point = newest.get();
    return point != null && clockNanos.getAsLong() - point.askedNanos <= staleness.toNanos();
  }
}
