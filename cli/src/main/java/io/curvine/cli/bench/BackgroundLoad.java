/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.Operations.Operation;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes files, a fixed number of calls open at a time, until it is stopped. For one use. */
final class BackgroundLoad {
  /** Told of each file that was made; any thread. */
  interface Listener {
    void acknowledged(long latencyNanos);
  }

  private final Operations operations;
  private final Listener listener;
  private final Map<String, Long> failures = new TreeMap<>();
  private final CompletableFuture<Void> running;
  private volatile boolean stopping;

  private BackgroundLoad(Operations operations, int concurrency, Listener listener) {
    this.operations = operations;
    this.listener = listener;
    Order order = new Order(Mix.of(Stage.CREATE), 0, concurrency, 0, TimeUnit.DAYS.toMillis(10), 0);
    this.running = CompletableFuture.runAsync(() -> run(order), BackgroundLoad::thread);
  }

  static BackgroundLoad start(Operations operations, int concurrency, Listener listener) {
    return new BackgroundLoad(operations, concurrency, listener);
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "load");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Order order) {
    try {
      new Load(this::next, order).run(Load.UNWATCHED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Operation> next(Stage stage) {
    return stopping ? Optional.empty() : operations.next(stage).map(this::watched);
  }

  private Operation watched(Operation operation) {
    return new Operation(
        operation.stage(),
        () -> {
          long began = System.nanoTime();
          return operation
              .start()
              .get()
              .thenApply(
                  tally -> {
                    ended(tally, System.nanoTime() - began);
                    return tally;
                  });
        });
  }

  private void ended(Tally tally, long latencyNanos) {
    if (tally.done() > 0) {
      listener.acknowledged(latencyNanos);
    }
    synchronized (failures) {
      tally.failures().forEach((code, count) -> failures.merge(code, (long) count, Long::sum));
    }
  }

  /** Calls that failed so far, by code. */
  Map<String, Long> failures() {
    synchronized (failures) {
      return Map.copyOf(failures);
    }
  }

  /** Makes no more, and waits for those that are open. */
  void stop() {
    stopping = true;
    running.join();
  }
}
