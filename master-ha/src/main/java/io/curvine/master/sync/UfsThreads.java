/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that call UFSes. One mount holds half of them at most, and mounts take turns where
 * work of several waits, so that a store which answers slowly, or may be asked seldom, keeps only
 * its own work waiting. Thread-safe; blocks no caller.
 */
final class UfsThreads implements AutoCloseable {
  private static final int WAITING_MAX = 65_536;
  private static final int WAITING_OF_MOUNT_MAX = WAITING_MAX / 2;

  private final int mountMax;
  private final int allMax;
  private final ThreadPoolExecutor threads;

  /** By mount; the first that may run is the next. Guarded by this. */
  private final Map<Integer, Queue<Task<?>>> waiting = new LinkedHashMap<>();

  /** By mount, where there is any. Guarded by this. */
  private final Map<Integer, Integer> running = new HashMap<>();

  private int waitingCount;
  private int runningCount;
  private boolean closed;

  /**
   * Threads that end where there is nothing to do.
   *
   * @param mountMax calls of one mount at the same time; of all together, twice as many
   */
  UfsThreads(int mountMax) {
    this.mountMax = mountMax;
    this.allMax = 2 * mountMax;
    this.threads =
        new ThreadPoolExecutor(
            allMax,
            allMax,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ufs");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** One blocking piece of work. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  private record Task<T>(int mount, Work<T> work, CompletableFuture<T> result) {
    void run() {
      try {
        result.complete(work.run());
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(e);
      } catch (Error e) { // a class that is not there, for example: somebody waits all the same
        result.completeExceptionally(e);
        throw e;
      }
    }

    void fail(ErrorCode code, String why) {
      result.completeExceptionally(new CurvineException(code, why));
    }
  }

  /**
   * Runs a piece of work on one of the threads.
   *
   * @param mount whose; 0: of none yet
   * @return fails with BUSY where too much waits, with NOT_READY after the close
   */
  <T> CompletableFuture<T> run(int mount, Work<T> work) {
    Task<T> task = new Task<>(mount, work, new CompletableFuture<>());
    boolean refused;
    boolean late;
    synchronized (this) {
      Queue<Task<?>> queue = waiting.get(mount);
      refused =
          waitingCount >= WAITING_MAX || (queue != null && queue.size() >= WAITING_OF_MOUNT_MAX);
      late = closed;
      if (!refused && !late) {
        waiting.computeIfAbsent(mount, id -> new ArrayDeque<>()).add(task);
        waitingCount++;
        startWhatMay();
      }
    }
    if (late) {
      task.fail(ErrorCode.NOT_READY, "the master is closing");
    } else if (refused) {
      task.fail(ErrorCode.BUSY, "too many UFS directories wait to be listed");
    }
    return task.result;
  }

  /** The caller holds the lock. */
  private void startWhatMay() {
    while (runningCount < allMax) {
      Task<?> next = next();
      if (next == null) {
        return;
      }
      runningCount++;
      running.merge(next.mount, 1, Integer::sum);
      threads.execute(
          () -> {
            try {
              next.run();
            } finally {
              ended(next.mount);
            }
          });
    }
  }

  /** Of the first mount that may run one more, which is the last then. */
  private Task<?> next() {
    Iterator<Map.Entry<Integer, Queue<Task<?>>>> each = waiting.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Integer, Queue<Task<?>>> entry = each.next();
      int mount = entry.getKey();
      if (running.getOrDefault(mount, 0) < mountMax) {
        Queue<Task<?>> queue = entry.getValue();
        each.remove();
        Task<?> next = queue.remove();
        waitingCount--;
        if (!queue.isEmpty()) {
          waiting.put(mount, queue);
        }
        return next;
      }
    }
    return null;
  }

  private synchronized void ended(int mount) {
    runningCount--;
    running.computeIfPresent(mount, (id, count) -> count == 1 ? null : count - 1);
    if (!closed) {
      startWhatMay();
    }
  }

  /** Interrupts what runs; what waits fails. */
  @Override
  public void close() {
    List<Task<?>> left = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting.values().forEach(left::addAll);
      waiting.clear();
      waitingCount = 0;
    }
    // None of them: as many as there are threads were given to them.
    var unused = threads.shutdownNow();
    left.forEach(task -> task.fail(ErrorCode.NOT_READY, "the master is closing"));
  }
}
