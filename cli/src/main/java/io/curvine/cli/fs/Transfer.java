/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Copies many files at once, counts them, and reports those that fail without stopping the others.
 * For one caller; the copies run on threads of its own.
 */
final class Transfer implements AutoCloseable {
  /** Read and written at a time, for each file. */
  static final int CHUNK_BYTES = 1 << 20;

  static final int THREADS_MAX = 64;

  private static final int QUEUE_MAX = 256;

  private final ThreadPoolExecutor threads;
  private final Consumer<Throwable> problems;
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final long started = System.nanoTime();

  /** With that many copies at a time; the consumer is called from their threads. */
  Transfer(int parallel, Consumer<Throwable> problems) throws CliException {
    if (parallel < 1 || parallel > THREADS_MAX) {
      throw new CliException("threads is " + parallel + "; allowed: 1 to " + THREADS_MAX);
    }
    this.problems = problems;
    this.threads =
        new ThreadPoolExecutor(
            parallel,
            parallel,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Copies a file soon; where too many wait, now and on this thread. */
  void submit(FileCopy copy) {
    threads.execute(() -> attempt(copy));
  }

  /** Does a step now; a failure is reported. */
  void attempt(FileCopy copy) {
    try {
      long copied = copy.copy();
      files.incrementAndGet();
      bytes.addAndGet(copied);
    } catch (IOException | RuntimeException e) {
      problems.accept(e);
    }
  }

  long files() {
    return files.get();
  }

  long bytes() {
    return bytes.get();
  }

  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** Waits for all copies. */
  @Override
  public void close() throws IOException {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
        throw new IOException("copies did not end");
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while copying", e);
    }
  }

  /** One file. */
  interface FileCopy {
    /** Gives the bytes that were copied. */
    long copy() throws IOException;
  }
}
