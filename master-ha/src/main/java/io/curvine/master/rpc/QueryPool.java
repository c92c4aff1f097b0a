/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that answer queries which are not brief, or had to wait. Thread-safe. */
public final class QueryPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryPool.class);

  private final BlockingQueue<Runnable> queue;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * A pool at work.
   *
   * @param queueMax queries that wait for a thread
   */
  public QueryPool(int threadCount, int queueMax) {
    this.queue = new ArrayBlockingQueue<>(queueMax);
    for (int i = 0; i < threadCount; i++) {
      Thread thread = new Thread(this::run, "query-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Takes a query; false where too many wait. It answers its own failures. */
  public boolean offer(Runnable query) {
    return !closed && queue.offer(query);
  }

  /** Queries that wait. */
  public int waiting() {
    return queue.size();
  }

  private void run() {
    while (!closed) {
      try {
        queue.take().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.error("a query could not even be refused", e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
