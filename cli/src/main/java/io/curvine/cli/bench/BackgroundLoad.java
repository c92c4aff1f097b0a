/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.Operations.Operation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes files, a fixed number of calls open at a time, until it is stopped. For one use. */
final class BackgroundLoad {
  /** Told of the end of each call; any thread. */
  interface Listener {
    void ended(Tally tally, long latencyNanos);
  }

  private final Operations operations;
  private final Listener listener;
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
                    listener.ended(tally, System.nanoTime() - began);
                    return tally;
                  });
        });
  }

  /** Makes no more, and waits for those that are open. */
  void stop() {
    stopping = true;
    running.join();
  }
}
