/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.cli.bench.Histograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Moves bytes in a number of threads for a time. For one use. */
final class DataLoad {
  private final DataOrder order;
  private final Mover.Factory factory;
  private final CountDownLatch opened;
  private volatile long measureFrom;
  private volatile long end;

  DataLoad(DataOrder order, Mover.Factory factory) {
    this.order = order;
    this.factory = factory;
    this.opened = new CountDownLatch(order.threads());
  }

  /** Part of one thread. */
  private record Part(long bytes, long lastNanos, Histogram latency) {}

  /**
   * Runs until the time is over or no bytes are left.
   *
   * @param measuring runs when the measured time begins
   * @param measured runs when it has ended
   */
  DataFigures run(Runnable measuring, Runnable measured) throws IOException, InterruptedException {
    CountDownLatch begin = new CountDownLatch(1);
    List<CompletableFuture<Part>> parts = new ArrayList<>();
    for (int i = 0; i < order.threads(); i++) {
      int thread = i;
      parts.add(CompletableFuture.supplyAsync(() -> move(thread, begin), DataLoad::inThread));
    }
    opened.await();
    measureFrom = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(order.warmupMillis());
    end = measureFrom + TimeUnit.MILLISECONDS.toNanos(order.durationMillis());
    begin.countDown();
    CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    awaitUntil(measureFrom, all);
    measuring.run();
    awaitUntil(end, all);
    measured.run();
    return together(parts);
  }

  private static void inThread(Runnable task) {
    Thread thread = new Thread(task, "mover");
    thread.setDaemon(true);
    thread.start();
  }

  private static void awaitUntil(long nanos, CompletableFuture<Void> all)
      throws InterruptedException {
    try {
      all.get(Math.max(0, nanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
      return; // the time has come; a failure shows when the parts are put together
    }
  }

  private Part move(int thread, CountDownLatch begin) {
    Histogram latency = Histograms.ofNanos();
    long bytes = 0;
    long last = 0;
    try (Mover mover = open(thread)) {
      begin.await();
      long from = System.nanoTime();
      while (from - end < 0) {
        int moved = mover.move();
        long now = System.nanoTime();
        if (moved == 0) {
          break;
        }
        if (from - measureFrom >= 0) {
          Histograms.record(latency, now - from);
          bytes += moved;
          last = now;
        }
        from = now;
      }
      return new Part(bytes, last, latency);
    } catch (IOException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private Mover open(int thread) throws IOException {
    try {
      return factory.open(thread);
    } finally {
      opened.countDown();
    }
  }

  private DataFigures together(List<CompletableFuture<Part>> parts) throws IOException {
    Histogram latency = Histograms.ofNanos();
    long bytes = 0;
    long last = measureFrom;
    try {
      for (CompletableFuture<Part> each : parts) {
        Part part = each.join();
        latency.add(part.latency);
        bytes += part.bytes;
        last = part.bytes > 0 && part.lastNanos - last > 0 ? part.lastNanos : last;
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
    return new DataFigures(bytes, (last - measureFrom) / 1e9, latency);
  }
}
