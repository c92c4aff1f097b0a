/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Receives with several requests at a time: one while little comes, as each costs money and an
 * empty one waits at the server, and more for as long as they come back full. Thread-safe.
 */
final class SqsReceiver {
  private static final int PARALLEL_MAX = 32;

  private final Supplier<CompletableFuture<List<Message>>> queue;
  private final List<Message> arrived = new ArrayList<>();
  private int wanted = 1;
  private int running;
  private Throwable failure;
  private boolean closed;

  /**
   * @param queue starts one request
   */
  SqsReceiver(Supplier<CompletableFuture<List<Message>>> queue) {
    this.queue = queue;
  }

  /**
   * Waits for messages.
   *
   * @param nanos how long at most
   * @param room how many more may arrive
   * @return none where none came, or after {@link #close}
   * @throws Failure where a request failed
   */
  List<Message> take(long nanos, int room) throws InterruptedException, Failure {
    start(room);
    synchronized (this) {
      long end = System.nanoTime() + nanos;
      long left = nanos;
      while (left > 0 && arrived.isEmpty() && failure == null && !closed) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - System.nanoTime();
      }
      if (arrived.isEmpty() && failure != null && !closed) {
        Throwable cause = failure;
        failure = null;
        throw new Failure(cause);
      }
      List<Message> taken = List.copyOf(arrived);
      arrived.clear();
      return taken;
    }
  }

  /** Outside of the lock: an answer may come within the call. */
  private void start(int room) {
    int count;
    synchronized (this) {
      int allowed = Math.min(wanted, room / SqsQueue.BATCH_MAX);
      count = closed ? 0 : Math.max(0, allowed - running);
      running += count;
    }
    for (int i = 0; i < count; i++) {
      request().whenComplete(this::ended);
    }
  }

  private CompletableFuture<List<Message>> request() {
    try {
      return queue.get();
    } catch (RuntimeException e) { // a client that was closed in this moment
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized void ended(List<Message> messages, Throwable thrown) {
    running--;
    if (thrown != null) {
      wanted = 1;
      failure = thrown;
    } else {
      failure = null;
      arrived.addAll(messages);
      boolean full = messages.size() == SqsQueue.BATCH_MAX;
      wanted = full ? Math.min(PARALLEL_MAX, wanted + 1) : Math.max(1, wanted / 2);
    }
    notifyAll();
  }

  /**
   * Ends a {@link #take} that waits.
   *
   * @return what arrived and nobody took
   */
  synchronized List<Message> close() {
    closed = true;
    notifyAll();
    List<Message> left = List.copyOf(arrived);
    arrived.clear();
    return left;
  }

  /** A request failed. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(Throwable cause) {
      super(cause);
    }
  }
}
