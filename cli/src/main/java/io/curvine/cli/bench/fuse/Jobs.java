/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.Histograms;
import io.curvine.cli.bench.ufs.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** Threads that do something again and again until a time is over. Stateless. */
final class Jobs {
  private Jobs() {}

  /** What one of them does; called by its thread alone. */
  @FunctionalInterface
  interface Step {
    /** Once; gives the bytes that it moved. */
    long run() throws IOException;
  }

  /**
   * Does each of the steps in a thread of its own.
   *
   * @param roles the processes whose processor time counts
   */
  static Turn run(List<Step> steps, Duration turn, Map<String, List<Long>> roles)
      throws IOException, InterruptedException {
    Histogram latency = Histograms.ofNanos();
    LongAdder operations = new LongAdder();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (Step step : steps) {
      tasks.add(() -> again(step, turn, latency, operations));
    }
    Turn whole = Turn.whole(0, roles, () -> Turn.together(tasks));
    return new Turn(
        operations.sum(),
        whole.bytes(),
        whole.nanos(),
        latency,
        whole.cpuMillis(),
        whole.compilerMillis());
  }

  private static long again(Step step, Duration turn, Histogram latency, LongAdder operations)
      throws IOException {
    Histogram mine = Histograms.ofNanos();
    long end = System.nanoTime() + turn.toNanos();
    long bytes = 0;
    for (long now = System.nanoTime(); now - end < 0; ) {
      bytes += step.run();
      long after = System.nanoTime();
      Histograms.record(mine, after - now);
      now = after;
    }
    operations.add(mine.getTotalCount());
    synchronized (latency) {
      latency.add(mine);
    }
    return bytes;
  }
}
