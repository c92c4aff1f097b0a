/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.CliException;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.Refs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Threads that read cached objects of a {@link NumberedBed} at random, until they are closed. */
final class CachedReaders implements AutoCloseable {
  private static final int DIGITS = 3;

  private final NumberedBed bed;
  private final int cached;
  private final Recorder nanos = new Recorder(DIGITS);
  private final ExecutorService threads;
  private final List<Future<Void>> running = new ArrayList<>();
  private volatile boolean ended;

  private CachedReaders(NumberedBed bed, int cached, int readers) {
    this.bed = bed;
    this.cached = cached;
    this.threads = Executors.newFixedThreadPool(readers);
  }

  /**
   * Reads each of the first objects once, so that it is cached, and begins.
   *
   * @param cached how many objects
   */
  static CachedReaders start(NumberedBed bed, int cached, int readers) throws IOException {
    CachedReaders all = new CachedReaders(bed, cached, readers);
    try {
      for (int object = 0; object < cached; object++) {
        all.read(object);
      }
      for (int reader = 0; reader < readers; reader++) {
        int seed = reader;
        all.running.add(all.threads.submit(() -> all.readOn(new Random(seed))));
      }
      return all;
    } catch (IOException | RuntimeException e) {
      all.threads.shutdownNow();
      throw e;
    }
  }

  private Void readOn(Random random) throws IOException {
    while (!ended) {
      long began = System.nanoTime();
      read(random.nextInt(cached));
      nanos.recordValue(System.nanoTime() - began);
    }
    return null;
  }

  private void read(int object) throws IOException {
    try (CurvineInputStream in = bed.client().openStream(Refs.path(bed.path(object)))) {
      byte[] got = in.readAllBytes();
      boolean right = got.length == bed.bucket().length(object);
      for (int i = 0; i < got.length && right; i++) {
        right = got[i] == NumberedBucket.content(got.length);
      }
      if (!right) {
        throw new CliException(bed.path(object) + " has other bytes than the bucket");
      }
    }
  }

  /**
   * Latencies of opening and reading one since the last call, in nanoseconds.
   *
   * @throws IOException of a reader that failed
   */
  Histogram since() throws IOException {
    for (Future<Void> each : running) {
      if (each.isDone()) {
        end(each);
      }
    }
    return nanos.getIntervalHistogram();
  }

  private static void end(Future<Void> reader) throws IOException {
    try {
      var unused = reader.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    threads.shutdown();
    for (Future<Void> each : running) {
      end(each);
    }
  }
}
