/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Processor time of processes on this machine, as its kernel counts it (in steps of 10 ms).
 * Immutable.
 */
public record CpuClock(Map<Long, Duration> used) {
  /** Reads it now; a process that is gone, or is not ours to look at, is left out. */
  public static CpuClock read(Iterable<Long> pids) {
    Map<Long, Duration> used = new LinkedHashMap<>();
    for (long pid : pids) {
      ProcessHandle.of(pid)
          .flatMap(process -> process.info().totalCpuDuration())
          .ifPresent(time -> used.put(pid, time));
    }
    return new CpuClock(used);
  }

  /** Microseconds that each has used since; only those that both know. */
  public Map<Long, Double> microsSince(CpuClock before) {
    Map<Long, Double> micros = new LinkedHashMap<>();
    used.forEach(
        (pid, now) -> {
          Duration then = before.used.get(pid);
          if (then != null) {
            micros.put(pid, now.minus(then).toNanos() / 1e3);
          }
        });
    return micros;
  }
}
