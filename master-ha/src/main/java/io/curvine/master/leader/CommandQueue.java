/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commands that wait to be decided, in the order of their arrival. Any thread adds; one takes, and
 * is woken only for as many as are worth it. Thread-safe.
 */
final class CommandQueue {
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Deque<PendingCommand> waiting = new ArrayDeque<>();
  private int wakeAt = Integer.MAX_VALUE;
  private boolean woken;
  private boolean closed;

  /** What became of a command that was to be added. */
  enum Offer {
    TAKEN,
    FULL,
    CLOSED
  }

  CommandQueue(int max) {
    this.max = max;
  }

  /**
   * Adds a command.
   *
   * @param again it was in the queue before, and is taken even if that is full now
   */
  Offer offer(PendingCommand command, boolean again) {
    lock.lock();
    try {
      if (closed) {
        return Offer.CLOSED;
      }
      if (!again && waiting.size() >= max) {
        return Offer.FULL;
      }
      waiting.addLast(command);
      if (waiting.size() >= wakeAt) {
        wake.signal();
      }
      return Offer.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wait of the taking thread, or its next one. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until so many commands are here, or for {@link #wake}, or for so long.
   *
   * @return false once the queue is closed
   */
  boolean await(int enough, long nanos) throws InterruptedException {
    lock.lock();
    try {
      wakeAt = enough;
      long leftNanos = nanos;
      while (!closed && !woken && waiting.size() < enough && leftNanos > 0) {
        leftNanos = wake.awaitNanos(leftNanos);
      }
      wakeAt = Integer.MAX_VALUE;
      woken = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the oldest commands that have room in the entry. */
  List<PendingCommand> take(OpenEntry.Room room) {
    lock.lock();
    try {
      List<PendingCommand> taken = new ArrayList<>(waiting.size());
      while (!waiting.isEmpty() && room.take(waiting.peekFirst().sizeBytes())) {
        taken.add(waiting.removeFirst());
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  List<PendingCommand> takeAll() {
    lock.lock();
    try {
      List<PendingCommand> all = List.copyOf(waiting);
      waiting.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more, and ends the wait of the taking thread. */
  void close() {
    lock.lock();
    try {
      closed = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }
}
