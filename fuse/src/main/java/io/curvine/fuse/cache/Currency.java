/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.cache;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far what is cached may be behind the masters. Whoever follows the changes says how far that
 * has come; the leader is asked where the journal ends, as long as somebody wants to know: once the
 * follower has come there, or nothing has changed from where it is, nothing that is cached is older
 * than the question.
 *
 * <p>Thread-safe. One thread of its own.
 */
public final class Currency implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Currency.class);

  /** Proofs in the time for which one holds. */
  private static final int PROOFS = 4;

  private final Journal journal;
  private final long boundNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread = new Thread(this::run, "cache-currency");

  private long position; // of the follower
  private boolean closed;

  /** Somebody asked since the last proof was begun. */
  private volatile boolean wanted;

  /** The newest proof was begun then; what is cached is as it was then, or newer. */
  private volatile long provenNanos;

  private Currency(Journal journal, long boundNanos) {
    this.journal = journal;
    this.boundNanos = boundNanos;
    this.provenNanos = System.nanoTime() - boundNanos;
  }

  /** The masters' journal. */
  public interface Journal {
    /** All changes that were acknowledged before are below this offset, as the leader says. */
    long end() throws IOException;

    /** There is no change from one offset up to another; false where that is not known. */
    boolean isQuiet(long from, long to) throws IOException;
  }

  /**
   * Begins.
   *
   * @param boundNanos how far what is cached may be behind; 0: nothing is ever believed
   */
  public static Currency start(Journal journal, long boundNanos) {
    Currency currency = new Currency(journal, boundNanos);
    currency.thread.setDaemon(true);
    if (boundNanos > 0) {
      currency.thread.start();
    }
    return currency;
  }

  /** Whether what is cached may be believed. */
  public boolean holds() {
    if (!wanted && boundNanos > 0) {
      want();
    }
    return System.nanoTime() - provenNanos < boundNanos;
  }

  /** The same of what was seen at a time, by {@link System#nanoTime}, and is not told of. */
  boolean isRecent(long seenNanos) {
    return System.nanoTime() - seenNanos < boundNanos;
  }

  private void want() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All changes below an offset have had their effect on what is cached. */
  public void reached(long offset) {
    lock.lock();
    try {
      position = offset;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the leader's answers have all changes below an offset. A change is told before they
   * do, so that an answer may give the old state once more. Nobody waits where nothing is believed.
   */
  public void awaitLeader(long offset) throws IOException {
    while (boundNanos > 0 && journal.end() < offset) {
      Thread.onSpinWait(); // a question each: it applies what it has committed
    }
  }

  private void run() {
    try {
      while (awaitQuestion()) {
        long begun = System.nanoTime();
        try {
          if (isReached(journal.end())) {
            provenNanos = begun;
          }
        } catch (IOException e) {
          LOG.debug("what is cached is not believed for now: {}", e.toString());
        }
        pause(begun);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private boolean awaitQuestion() throws InterruptedException {
    lock.lock();
    try {
      while (!wanted && !closed) {
        changed.await();
      }
      wanted = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Who waits for changes does not hear of events that are none. */
  private boolean isReached(long offset) throws IOException, InterruptedException {
    long from = position();
    return from >= offset || journal.isQuiet(from, offset) || awaitPosition(offset);
  }

  private long position() {
    lock.lock();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  /** False where the follower does not come there in time: the next proof is another one. */
  private boolean awaitPosition(long offset) throws InterruptedException {
    lock.lock();
    try {
      long left = boundNanos;
      while (position < offset && left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
      return position >= offset;
    } finally {
      lock.unlock();
    }
  }

  private void pause(long begun) throws InterruptedException {
    long left = begun + boundNanos / PROOFS - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
