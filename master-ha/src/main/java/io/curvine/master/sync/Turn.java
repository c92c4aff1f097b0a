/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Held by who looks at names of one mount until what was seen has had its effect: what was seen
 * first must not have its effect last. Either one holds it alone, for any names, or many share it,
 * each for a file of its own. In the order in which they come, so that nobody waits for ever.
 * Thread-safe; belongs to no thread.
 */
final class Turn {
  private record Waiting(boolean alone, CompletableFuture<Void> begins) {}

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int sharing;
  private boolean alone;

  /** Takes it alone; blocks until it has it. */
  void lock() {
    var unused = take(true).join();
  }

  /** Gives back what {@link #lock} took. */
  void unlock() {
    List<Waiting> next;
    synchronized (this) {
      alone = false;
      next = admitted();
    }
    begin(next);
  }

  /** Completes when it is shared by the caller too, who gives it back by {@link #endShare}. */
  CompletableFuture<Void> share() {
    return take(false);
  }

  void endShare() {
    List<Waiting> next;
    synchronized (this) {
      sharing--;
      next = admitted();
    }
    begin(next);
  }

  private CompletableFuture<Void> take(boolean byItself) {
    Waiting mine = new Waiting(byItself, new CompletableFuture<>());
    List<Waiting> next;
    synchronized (this) {
      waiting.addLast(mine);
      next = admitted();
    }
    begin(next);
    return mine.begins;
  }

  /** Those that begin now. The caller holds the lock, and has them begin when it has not. */
  private List<Waiting> admitted() {
    List<Waiting> next = new ArrayList<>();
    while (!waiting.isEmpty() && !alone && (!waiting.peekFirst().alone || sharing == 0)) {
      Waiting first = waiting.removeFirst();
      alone = first.alone;
      sharing += first.alone ? 0 : 1;
      next.add(first);
    }
    return next;
  }

  private static void begin(List<Waiting> next) {
    next.forEach(each -> each.begins.complete(null));
  }
}
