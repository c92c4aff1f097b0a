/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.Operations.Operation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Makes the calls of one row, a fixed number open at a time. Each is made on the event loop that
 * heard the end of the one before, so that no thread is woken in between. At a fixed rate a call's
 * latency counts from when it was due, also where it had to wait for one of those open to end. For
 * one use.
 */
final class Load {
  /** Told when the measured time begins and ends, so that others can read their clocks. */
  interface Listener {
    void measuring();

    void measured();
  }

  /** Nobody's clock. */
  static final Listener UNWATCHED =
      new Listener() {
        @Override
        public void measuring() {}

        @Override
        public void measured() {}
      };

  private final Function<Stage, Optional<Operation>> source;
  private final Order order;
  private final int totalWeight;
  private final Measured measured = new Measured();
  private final CountDownLatch ranOut = new CountDownLatch(1);

  /** The calls that are open, and whoever starts more. */
  private final Phaser open = new Phaser(1);

  private volatile long measureFrom;
  private volatile long end;

  /**
   * @param source the next call of a kind; empty: there is no file for it
   */
  Load(Function<Stage, Optional<Operation>> source, Order order) {
    this.source = source;
    this.order = order;
    this.totalWeight = order.mix().total();
  }

  /** Runs, until the last call has ended. */
  Measured run(Listener listener) throws InterruptedException {
    long start = System.nanoTime();
    measureFrom = start + order.warmupNanos();
    end = measureFrom + order.durationNanos();
    if (order.ratePerSecond() > 0) {
      startPacer(start);
    } else {
      for (int i = 0; i < order.concurrency(); i++) {
        open.register();
        keepGoing();
      }
    }
    boolean early = ranOut.await(measureFrom - System.nanoTime(), TimeUnit.NANOSECONDS);
    listener.measuring();
    early = early || ranOut.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    listener.measured();
    open.awaitAdvanceInterruptibly(open.arrive());
    measured.ended(Math.max(0, end - measureFrom), early);
    return measured;
  }

  // --- the next when one has ended ---

  /** Makes calls one after the other; goes on later, where the answer comes, unless it is here. */
  private void keepGoing() {
    while (true) {
      Optional<Operation> next = System.nanoTime() - end < 0 ? next() : Optional.empty();
      if (next.isEmpty()) {
        open.arriveAndDeregister();
        return;
      }
      Operation operation = next.get();
      long from = System.nanoTime();
      CompletableFuture<Tally> answer = operation.start().get();
      if (!answer.isDone()) {
        answer.thenAccept(
            tally -> {
              ended(operation, from, tally);
              keepGoing();
            });
        return;
      }
      ended(operation, from, answer.join());
    }
  }

  private Optional<Operation> next() {
    Stage stage =
        order.mix().single()
            ? order.mix().choose(0)
            : order.mix().choose(ThreadLocalRandom.current().nextInt(totalWeight));
    Optional<Operation> next = source.apply(stage);
    if (next.isEmpty() && ranOut.getCount() > 0) {
      end = System.nanoTime(); // for every kind of the mix
      ranOut.countDown();
    }
    return next;
  }

  private void ended(Operation operation, long from, Tally tally) {
    long now = System.nanoTime();
    tally.failures().forEach(measured::failed);
    if (tally.done() > 0 && now - measureFrom >= 0 && now - end < 0) {
      measured.succeeded(operation.stage(), now - from, tally.done());
    }
  }

  // --- at a fixed rate ---

  private void startPacer(long start) {
    open.register();
    Thread pacer = new Thread(() -> pace(start), "pacer");
    pacer.setDaemon(true);
    pacer.start();
  }

  private void pace(long start) {
    Semaphore room = new Semaphore(order.concurrency());
    double periodNanos = 1e9 / order.ratePerSecond();
    try {
      for (long i = 0; ; i++) {
        long due = start + (long) (i * periodNanos);
        if (due - end >= 0) {
          return;
        }
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        room.acquire();
        Optional<Operation> next = next();
        if (next.isEmpty()) {
          return;
        }
        startDue(next.get(), due, room);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.arriveAndDeregister();
    }
  }

  private void startDue(Operation operation, long due, Semaphore room) {
    open.register();
    operation
        .start()
        .get()
        .thenAccept(
            tally -> {
              ended(operation, due, tally);
              room.release();
              open.arriveAndDeregister();
            });
  }
}
