/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session with the masters: gives each command its number and knows below which all results are
 * here. At most {@link Limits#SESSION_WINDOW_MAX_COMMANDS} numbers are past that: the masters keep
 * so many results. Thread-safe.
 */
final class Session {
  /** {@link #begin} has no number now. */
  static final long FULL = 0;

  private static final int WINDOW = Limits.SESSION_WINDOW_MAX_COMMANDS;

  private final long id;

  /** A bit a number of the window, set while it is outstanding. */
  private final long[] outstanding = new long[WINDOW / Long.SIZE];

  private final Queue<Waiting> waiting = new ArrayDeque<>();

  /** Those who have numbers now and are to be told. */
  private final Queue<Runnable> woken = new ConcurrentLinkedQueue<>();

  private final AtomicInteger toWake = new AtomicInteger();
  private long nextSeq = 1;
  private volatile long ackedBelow = 1;
  private volatile boolean expired;

  Session(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  /** Commands in one request that have no numbers yet. */
  private record Waiting(int count, CompletableFuture<Long> first) {}

  /**
   * The first of so many numbers in a row for new commands, each outstanding until {@link #done};
   * {@link #FULL}: not now, others may be waiting.
   *
   * @param count 1 to the window
   */
  synchronized long begin(int count) {
    return waiting.isEmpty() && hasRoom(count) ? take(count) : FULL;
  }

  /** The same when there is room and those who came before have theirs. */
  synchronized CompletableFuture<Long> beginLater(int count) {
    long first = begin(count);
    if (first != FULL) {
      return CompletableFuture.completedFuture(first);
    }
    Waiting last = new Waiting(count, new CompletableFuture<>());
    waiting.add(last);
    return last.first;
  }

  private boolean hasRoom(int count) {
    return nextSeq - ackedBelow <= WINDOW - count;
  }

  private long take(int count) {
    long first = nextSeq;
    for (; nextSeq < first + count; nextSeq++) {
      outstanding[word(nextSeq)] |= bit(nextSeq);
    }
    return first;
  }

  /** The commands with these numbers will not be asked for again. */
  void done(long first, int count) {
    int more = forget(first, count);
    // By one thread in one loop: who is woken may be done at once, and thousands would nest.
    if (more > 0 && toWake.getAndAdd(more) == 0) {
      do {
        woken.remove().run();
      } while (toWake.decrementAndGet() > 0);
    }
  }

  private synchronized int forget(long first, int count) {
    for (long seq = first; seq < first + count; seq++) {
      outstanding[word(seq)] &= ~bit(seq);
    }
    if (first == ackedBelow) {
      long below = first + count;
      while (below < nextSeq && (outstanding[word(below)] & bit(below)) == 0) {
        below++;
      }
      ackedBelow = below;
    }
    int more = 0;
    while (!waiting.isEmpty() && hasRoom(waiting.peek().count)) {
      Waiting next = waiting.remove();
      long given = take(next.count);
      woken.add(() -> next.first.complete(given));
      more++;
    }
    return more;
  }

  /** The results of all numbers below are here. */
  long ackedBelow() {
    return ackedBelow;
  }

  /** The masters have dropped it; commands in it cannot succeed any more. */
  void expire() {
    expired = true;
  }

  boolean expired() {
    return expired;
  }

  private static int word(long seq) {
    return (int) (seq % WINDOW) / Long.SIZE;
  }

  private static long bit(long seq) {
    return 1L << (seq % Long.SIZE);
  }
}
