/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Lets a leader answer linearizable reads from its own state: for a while after a majority of the
 * masters has confirmed its term, without asking anyone. Thread-safe.
 *
 * <p>Why that is linearizable. The leader of term <i>k</i> asks at its time <i>t</i>, and a
 * majority answers that its terms are still <i>k</i>. To elect a leader of a higher term takes
 * votes of a majority, so of one of those who answered, and Raft raises the term before it gives
 * the vote: that election was won after <i>t</i>. The new leader waits for {@link #NEW_LEADER_WAIT}
 * before it decides or reads anything, so nothing is acknowledged by it, and nothing of it is
 * visible to a linearizable read, before {@code t + NEW_LEADER_WAIT}. A read at the old leader that
 * begins before {@code t + LENGTH} therefore finds all that was acknowledged when it began: only
 * its own state was acknowledged from, and that is applied before the acknowledgement. {@code
 * LENGTH} is shorter than the wait by more than two clocks can differ in speed (15 % each way).
 *
 * <p>The argument needs nothing of how members vote but that terms grow and majorities overlap:
 * restarts, transfers of leadership and elections without a pre-vote are covered. A pause of this
 * process between the check and the look at the state is harmless: the state is then a later one.
 * What the clock does not count is not covered: a machine that is suspended with a lease finds it
 * valid when it wakes. Where that can happen, the lease is to be turned off.
 */
public final class ReadLease {
  /** From the question to the last read that begins under its answer. */
  public static final Duration LENGTH = Duration.ofMillis(110);

  /** May grow from one release to the next, and never shrink. */
  public static final Duration NEW_LEADER_WAIT = Duration.ofMillis(150);

  private static final CompletableFuture<Void> PASSED = CompletableFuture.completedFuture(null);

  private record Held(long term, long sinceNanos) {}

  private final LongSupplier leadingTerm;
  private final LongFunction<CompletableFuture<Void>> majority;
  private final long lengthNanos;
  private final LongSupplier clockNanos;
  private final SharedRound<Void> rounds = new SharedRound<>(this::ask);
  private volatile Held held = new Held(0, 0);

  /**
   * A lease that is not held yet.
   *
   * @param leadingTerm as in {@link io.curvine.master.raft.Consensus#leadingTerm}
   * @param majority asks the masters; completes when a majority, this one too, has confirmed the
   *     term after the call
   * @param length {@link #LENGTH}, or zero: a majority is asked before every read
   */
  public ReadLease(
      LongSupplier leadingTerm,
      LongFunction<CompletableFuture<Void>> majority,
      Duration length,
      LongSupplier clockNanos) {
    this.leadingTerm = leadingTerm;
    this.majority = majority;
    this.lengthNanos = length.toNanos();
    this.clockNanos = clockNanos;
  }

  /**
   * Whether a read that began before this call may look at the state after it. Renews in the
   * background what is half used, so that it goes on while there are reads and costs nothing while
   * there are none.
   */
  public boolean holds() {
    Held now = held;
    long used = clockNanos.getAsLong() - now.sinceNanos;
    if (now.term == 0 || used >= lengthNanos || leadingTerm.getAsLong() != now.term) {
      return false;
    }
    if (used >= lengthNanos / 2) {
      rounds.begin();
    }
    return true;
  }

  /**
   * Completes when a read that began before this call may look at the state; at once under the
   * lease, otherwise when a majority was asked, once for all who wait. Fails with NOT_LEADER, or
   * NOT_READY where no majority answers.
   */
  public CompletableFuture<Void> gate() {
    return holds() ? PASSED : rounds.join();
  }

  private CompletableFuture<Void> ask() {
    long askedNanos = clockNanos.getAsLong();
    long term = leadingTerm.getAsLong();
    if (term == 0) {
      return CompletableFuture.failedFuture(notLeading());
    }
    return majority.apply(term).thenRun(() -> confirmed(term, askedNanos));
  }

  private void confirmed(long term, long askedNanos) {
    if (leadingTerm.getAsLong() != term) {
      throw new java.util.concurrent.CompletionException(notLeading());
    }
    held = new Held(term, askedNanos);
  }

  private static CurvineException notLeading() {
    return new CurvineException(ErrorCode.NOT_LEADER, "this master does not lead");
  }
}
