/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs what a master does again and again, quick things on one thread and slow ones on another. */
final class Timers {
  private final Closer closer;
  private final ScheduledExecutorService quick;
  private final ScheduledExecutorService slow;

  Timers(Closer closer) {
    this.closer = closer;
    this.quick = closer.addExecutor(Threads.timer("timer"));
    this.slow = closer.addExecutor(Threads.timer("scan"));
  }

  /** A task that does not wait for disks or other nodes; a failure of one run is logged. */
  void every(long millis, String what, Runnable task) {
    repeat(quick, millis, what, task);
  }

  /** A task that may take long. */
  void slowly(long millis, String what, Runnable task) {
    repeat(slow, millis, what, task);
  }

  /** A task that takes as long as a UFS does, so that no other waits for it. */
  void alone(long millis, String what, Runnable task) {
    repeat(closer.addExecutor(Threads.timer("ufs-sync")), millis, what, task);
  }

  private static void repeat(
      ScheduledExecutorService thread, long millis, String what, Runnable task) {
    thread.scheduleWithFixedDelay(
        Threads.guarded(what, task), millis, millis, TimeUnit.MILLISECONDS);
  }
}
