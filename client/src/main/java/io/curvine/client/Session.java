/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

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

  private final Queue<CompletableFuture<Void>> waitingForRoom = new ArrayDeque<>();
  private long nextSeq = 1;
  private volatile long ackedBelow = 1;
  private volatile boolean expired;

  Session(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  /** The number of a new command, outstanding until {@link #done}; {@link #FULL}: none is free. */
  synchronized long begin() {
    if (nextSeq - ackedBelow >= WINDOW) {
      return FULL;
    }
    long seq = nextSeq++;
    outstanding[word(seq)] |= bit(seq);
    return seq;
  }

  /** Ends when {@link #begin} is worth another try. */
  synchronized CompletableFuture<Void> room() {
    if (nextSeq - ackedBelow < WINDOW) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> room = new CompletableFuture<>();
    waitingForRoom.add(room);
    return room;
  }

  /** The command will not be asked for again. */
  void done(long seq) {
    forget(seq).forEach(room -> room.complete(null));
  }

  private synchronized List<CompletableFuture<Void>> forget(long seq) {
    outstanding[word(seq)] &= ~bit(seq);
    if (seq == ackedBelow) {
      long below = seq + 1;
      while (below < nextSeq && (outstanding[word(below)] & bit(below)) == 0) {
        below++;
      }
      ackedBelow = below;
    }
    if (waitingForRoom.isEmpty()) {
      return List.of();
    }
    List<CompletableFuture<Void>> woken = new ArrayList<>();
    for (long free = WINDOW - (nextSeq - ackedBelow); free > 0; free--) {
      CompletableFuture<Void> next = waitingForRoom.poll();
      if (next == null) {
        break;
      }
      woken.add(next);
    }
    return woken;
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
