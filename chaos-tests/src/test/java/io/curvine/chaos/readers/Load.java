/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Threads that each do one thing again and again. For one thread; closing it ends all. */
public final class Load implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<CompletableFuture<Void>> running = new ArrayList<>();
  private volatile boolean stopped;

  /** What is done again and again. */
  @FunctionalInterface
  public interface Step {
    /** Once. */
    void step() throws Exception;
  }

  /**
   * Begins.
   *
   * @param pause between two steps, on the average
   */
  public void start(Step step, Duration pause, long seed) {
    Random random = new Random(seed);
    running.add(
        CompletableFuture.runAsync(
            () -> {
              while (!stopped) {
                try {
                  step.step();
                } catch (Exception e) {
                  throw new AssertionError("a step failed", e);
                }
                LockSupport.parkNanos(random.nextLong(2 * pause.toNanos()));
              }
            },
            threads));
  }

  /** Goes on for a while, unless a step fails. */
  public void goOn(Duration time) throws InterruptedException {
    try {
      var unused =
          CompletableFuture.anyOf(running.toArray(CompletableFuture[]::new))
              .get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
    throw new AssertionError("a thread has ended");
  }

  /** Returns when the last steps are done. */
  public void stop() {
    stopped = true;
    running.forEach(CompletableFuture::join);
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
  }
}
