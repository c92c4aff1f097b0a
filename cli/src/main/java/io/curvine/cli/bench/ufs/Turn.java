/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.CompilerClock;
import io.curvine.cli.bench.CpuClock;
import io.curvine.cli.bench.Histograms;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * What doing something to objects once took. Immutable.
 *
 * @param latency of an object, in nanoseconds; empty where objects were not timed
 * @param cpuMillis of the roles' processes, together
 * @param compilerMillis of it, that of their compilers
 */
public record Turn(
    long objects,
    long bytes,
    long nanos,
    Histogram latency,
    Map<String, Double> cpuMillis,
    double compilerMillis) {
  /** What is done to one object; gives its bytes. */
  @FunctionalInterface
  public interface Visit {
    long to(int object) throws IOException, InterruptedException;
  }

  /** What is done as a whole; gives the bytes. */
  @FunctionalInterface
  public interface Whole {
    long run() throws IOException, InterruptedException;
  }

  /** Of all its bytes. */
  public double mibPerSecond() {
    return bytes / (double) (1 << 20) / (nanos / 1e9);
  }

  /** Of all its objects. */
  public double objectsPerSecond() {
    return objects / (nanos / 1e9);
  }

  /** Of the latency of an object. */
  public double millis(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e6;
  }

  /** Of one role, for each object. */
  public double cpuMicrosPerObject(String role) {
    return cpuMillis.getOrDefault(role, 0.0) * 1e3 / Math.max(1, objects);
  }

  /** Of all roles, for each object. */
  public double cpuMicrosPerObject() {
    return cpuMillis.keySet().stream().mapToDouble(this::cpuMicrosPerObject).sum();
  }

  /** Of the processor time, what compilers had: 0 to 1. */
  public double compilerShare() {
    double all = cpuMillis.values().stream().mapToDouble(Double::doubleValue).sum();
    return all == 0 ? 0 : Math.min(1, compilerMillis / all);
  }

  /**
   * Visits each of so many objects once, from threads that take the next one each.
   *
   * @param roles the processes whose processor time counts
   */
  public static Turn each(int objects, int threads, Map<String, List<Long>> roles, Visit visit)
      throws IOException, InterruptedException {
    Histogram all = Histograms.ofNanos();
    AtomicInteger next = new AtomicInteger();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, objects); i++) {
      tasks.add(() -> visitAll(next, objects, visit, all));
    }
    Turn whole = whole(objects, roles, () -> together(tasks));
    return new Turn(objects, whole.bytes, whole.nanos, all, whole.cpuMillis, whole.compilerMillis);
  }

  /** Does something to so many objects. */
  public static Turn whole(long objects, Map<String, List<Long>> roles, Whole work)
      throws IOException, InterruptedException {
    Map<String, CpuClock> before = new LinkedHashMap<>();
    roles.forEach((role, pids) -> before.put(role, CpuClock.read(pids)));
    List<Long> all = roles.values().stream().flatMap(List::stream).distinct().toList();
    final long compilersBefore = CompilerClock.millis(all);
    long began = System.nanoTime();
    long bytes = work.run();
    long nanos = System.nanoTime() - began;
    Map<String, Double> used = new LinkedHashMap<>();
    roles.forEach(
        (role, pids) ->
            used.put(
                role,
                CpuClock.read(pids).microsSince(before.get(role)).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum()
                    / 1e3));
    double compilers = Math.max(0, CompilerClock.millis(all) - compilersBefore);
    return new Turn(objects, bytes, nanos, Histograms.ofNanos(), used, compilers);
  }

  private static long visitAll(AtomicInteger next, int objects, Visit visit, Histogram all)
      throws IOException, InterruptedException {
    Histogram mine = Histograms.ofNanos();
    long bytes = 0;
    for (int object = next.getAndIncrement(); object < objects; object = next.getAndIncrement()) {
      long began = System.nanoTime();
      bytes += visit.to(object);
      Histograms.record(mine, System.nanoTime() - began);
    }
    synchronized (all) {
      all.add(mine);
    }
    return bytes;
  }

  /** Does all at once, each in a thread of its own; gives the sum. */
  public static long together(List<Callable<Long>> tasks) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      long bytes = 0;
      for (Future<Long> each : threads.invokeAll(tasks)) {
        bytes += each.get();
      }
      return bytes;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * As reports have it.
   *
   * @param objects what they are called
   */
  public ObjectNode toJson(String objects) {
    ObjectNode json =
        Json.object()
            .put(objects, this.objects)
            .put("bytes", bytes)
            .put("seconds", nanos / 1e9)
            .put("mibPerSecond", mibPerSecond())
            .put(objects + "PerSecond", objectsPerSecond());
    if (latency.getTotalCount() > 0) {
      json.put("millisP50", millis(50)).put("millisP99", millis(99));
    }
    ObjectNode cpu = json.putObject("cpuMillis");
    cpuMillis.forEach(cpu::put);
    return json.put("compilerMillis", compilerMillis);
  }
}
