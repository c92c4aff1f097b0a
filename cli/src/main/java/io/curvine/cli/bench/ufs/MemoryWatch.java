/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.bench.ProcessMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks at the memory of processes again and again, and keeps the most; until it is closed. */
final class MemoryWatch implements AutoCloseable {
  private static final long LOOK_MS = 50;

  private final List<Long> masters;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "memory-watch");
  private final ProcessMemory mastersBefore;
  private final long heapBefore;
  private volatile ProcessMemory mastersMost;
  private volatile long heapMost;
  private volatile IOException failure;

  private MemoryWatch(List<Long> masters) throws IOException {
    this.masters = masters;
    this.mastersBefore = largest();
    this.heapBefore = heap();
    this.mastersMost = mastersBefore;
    this.heapMost = heapBefore;
  }

  /** Begins. */
  static MemoryWatch start(List<Long> masters) throws IOException {
    MemoryWatch watch = new MemoryWatch(masters);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private ProcessMemory largest() throws IOException {
    ProcessMemory largest = ProcessMemory.NONE;
    for (long pid : masters) {
      largest = largest.max(ProcessMemory.read(pid));
    }
    return largest;
  }

  private static long heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void watch() {
    try {
      do {
        mastersMost = mastersMost.max(largest());
        heapMost = Math.max(heapMost, heap());
      } while (!closed.await(LOOK_MS, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of the master that had most, when it began. */
  ProcessMemory mastersBefore() {
    return mastersBefore;
  }

  /** Of the master that had most, so far. */
  ProcessMemory mastersMost() throws IOException {
    if (failure != null) {
      throw failure;
    }
    return mastersMost;
  }

  /** Heap of this process in bytes, what is not collected yet included, when it began. */
  long heapBefore() {
    return heapBefore;
  }

  /** The same, the most so far. */
  long heapMost() {
    return heapMost;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
