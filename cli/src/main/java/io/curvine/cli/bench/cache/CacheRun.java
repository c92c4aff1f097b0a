/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.cache;

import io.curvine.cli.CliException;
import io.curvine.cli.bench.ProcessMemory;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileReader;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Many small blocks in one worker, and readers of them. For one use. */
final class CacheRun {
  /** Of each block, and of each read. */
  static final int BYTES = 4 << 10;

  private static final long BLOCK_SIZE_BYTES = 1 << 20;
  private static final int BLOCKS_PER_FILE = 1_000;
  private static final int WRITERS = 4;
  private static final long LOOK_MS = 100;
  private static final int TELL_EACH_FILES = 50;

  private final CurvineClient client;
  private final int blocks;
  private final Consumer<String> progress;
  private final LongAdder reads = new LongAdder();

  /**
   * @param blocks how many
   * @param progress is told how far it is, a line each
   */
  CacheRun(CurvineClient client, int blocks, Consumer<String> progress) {
    this.client = client;
    this.blocks = blocks;
    this.progress = progress;
  }

  /**
   * What reading took.
   *
   * @param peak of the worker, while it was read from
   */
  record Read(long count, ProcessMemory peak) {}

  private int files() {
    return (blocks + BLOCKS_PER_FILE - 1) / BLOCKS_PER_FILE;
  }

  private int blocksOf(int file) {
    return Math.min(BLOCKS_PER_FILE, blocks - file * BLOCKS_PER_FILE);
  }

  private static String path(int file) {
    return "/bench-cache-" + file;
  }

  /** Writes the blocks. */
  void fill() throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Callable<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(
          () -> {
            for (int file = next.getAndIncrement(); file < files(); file = next.getAndIncrement()) {
              fill(file);
              if (file % TELL_EACH_FILES == 0) {
                progress.accept("writing file " + file + " of " + files());
              }
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      endAll(threads.invokeAll(writers));
    } finally {
      threads.shutdownNow();
    }
  }

  private void fill(int file) throws IOException {
    byte[] content = new byte[BYTES];
    new Random(file).nextBytes(content);
    CreateOptions options =
        CreateOptions.defaults().withReplicas(1).withBlockSizeBytes(BLOCK_SIZE_BYTES);
    try (FileWriter out = client.create(Refs.path(path(file)), options)) {
      for (int block = 0; block < blocksOf(file); block++) {
        out.write(block * BLOCK_SIZE_BYTES, ByteBuffer.wrap(content));
      }
    }
  }

  /** Reads anywhere in them, from many threads, and looks at the worker meanwhile. */
  Read read(int readers, Duration duration, long workerPid)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        int reader = i;
        running.add(threads.submit(() -> readUntil(end, reader)));
      }
      ProcessMemory peak = ProcessMemory.NONE;
      while (System.nanoTime() - end < 0) {
        peak = peak.max(ProcessMemory.read(workerPid));
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      }
      endAll(running);
      return new Read(reads.sum(), peak);
    } finally {
      threads.shutdownNow();
    }
  }

  private Void readUntil(long end, int reader) throws IOException {
    Random random = new Random(reader);
    byte[] expected = new byte[BYTES];
    ByteBuffer into = ByteBuffer.allocateDirect(BYTES);
    while (System.nanoTime() - end < 0) {
      int file = random.nextInt(files());
      new Random(file).nextBytes(expected);
      try (FileReader in = client.open(Refs.path(path(file)))) {
        for (int i = 0; i < BLOCKS_PER_FILE && System.nanoTime() - end < 0; i++) {
          long at = random.nextInt(blocksOf(file)) * BLOCK_SIZE_BYTES;
          into.clear();
          if (in.read(at, into) != BYTES || !into.flip().equals(ByteBuffer.wrap(expected))) {
            throw new CliException("other bytes than were written at " + at + " of " + path(file));
          }
          reads.increment();
        }
      }
    }
    return null;
  }

  private static void endAll(List<Future<Void>> all) throws IOException, InterruptedException {
    for (Future<Void> each : all) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }
}
