/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.master.raft.Consensus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that answer linearizable queries. Each takes what has gathered, passes the read gate
 * once for all of it, and answers one after the other. Thread-safe.
 */
public final class QueryPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryPool.class);
  private static final int BATCH_MAX = 64;

  /**
   * One query.
   *
   * @param run answers from the state, which is recent enough now
   * @param failed answers where the gate was not passed, or the run failed
   */
  public record Task(Runnable run, Consumer<Throwable> failed) {}

  private final Consensus consensus;
  private final Duration gateMax;
  private final BlockingQueue<Task> queue;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * @param queueMax queries that wait
   * @param gateMax patience with the read gate
   */
  public QueryPool(Consensus consensus, int threadCount, int queueMax, Duration gateMax) {
    this.consensus = consensus;
    this.gateMax = gateMax;
    this.queue = new ArrayBlockingQueue<>(queueMax);
    for (int i = 0; i < threadCount; i++) {
      Thread thread = new Thread(this::run, "query-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Takes a query; false where too many wait. */
  public boolean offer(Task task) {
    return !closed && queue.offer(task);
  }

  /** Queries that wait. */
  public int waiting() {
    return queue.size();
  }

  private void run() {
    List<Task> batch = new ArrayList<>();
    while (!closed) {
      try {
        batch.add(queue.take());
        queue.drainTo(batch, Math.min(BATCH_MAX, queue.size() / threads.size()));
        answer(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        batch.clear();
      }
    }
  }

  private void answer(List<Task> batch) throws InterruptedException {
    try {
      var unused = consensus.readGate().get(gateMax.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      batch.forEach(task -> task.failed.accept(Failures.cause(e)));
      return;
    } catch (InterruptedException e) {
      batch.forEach(task -> task.failed.accept(e));
      throw e;
    }
    for (Task task : batch) {
      try {
        task.run.run();
      } catch (RuntimeException e) {
        LOG.error("a query failed", e);
        task.failed.accept(e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
