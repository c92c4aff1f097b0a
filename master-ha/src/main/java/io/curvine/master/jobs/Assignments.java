/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Job;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which worker is at which job, and when a failed one may be tried again. Soft: a new leader hands
 * everything out anew, and workers do each job so that doing it twice does no harm. Thread-safe.
 */
final class Assignments {
  private record Assigned(int worker, String incarnation, long sinceNanos) {}

  /** Of a worker that has a job. */
  @FunctionalInterface
  interface StillThere {
    boolean test(int worker, String incarnation);
  }

  private final long timeoutNanos;
  private final long retryMinNanos;
  private final long retryMaxNanos;
  private final LongSupplier clockNanos;
  private final StillThere stillThere;
  private final Map<Long, Assigned> assigned = new HashMap<>();
  private final Map<Long, Long> failedNanos = new HashMap<>();

  Assignments(
      Duration timeout,
      Duration retryMin,
      Duration retryMax,
      StillThere stillThere,
      LongSupplier clockNanos) {
    this.timeoutNanos = timeout.toNanos();
    this.retryMinNanos = retryMin.toNanos();
    this.retryMaxNanos = retryMax.toNanos();
    this.stillThere = stillThere;
    this.clockNanos = clockNanos;
  }

  /** Whether nobody is at it and it need not wait after a failure. */
  synchronized boolean free(Job job) {
    long now = clockNanos.getAsLong();
    Assigned by = assigned.get(job.getId());
    if (by != null) {
      if (now - by.sinceNanos < timeoutNanos && stillThere.test(by.worker, by.incarnation)) {
        return false;
      }
      assigned.remove(job.getId());
    }
    Long failed = failedNanos.get(job.getId());
    return failed == null || now - failed >= backOffNanos(job.getAttempts());
  }

  private long backOffNanos(int attempts) {
    long doubled = retryMinNanos << Math.min(Math.max(0, attempts - 1), 20);
    return doubled < 0 ? retryMaxNanos : Math.min(doubled, retryMaxNanos);
  }

  synchronized void assign(long job, int worker, String incarnation) {
    assigned.put(job, new Assigned(worker, incarnation, clockNanos.getAsLong()));
  }

  /** Follows the journal; true where a job may have become free. */
  synchronized boolean observe(Event event) {
    switch (event.getEventCase()) {
      case JOB_CREATED -> {
        return true;
      }
      case JOB_ATTEMPTED -> {
        long job = event.getJobAttempted().getJobId();
        assigned.remove(job);
        failedNanos.put(job, clockNanos.getAsLong());
        return false;
      }
      case JOB_FINISHED -> {
        long job = event.getJobFinished().getJobId();
        assigned.remove(job);
        failedNanos.remove(job);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  synchronized void clear() {
    assigned.clear();
    failedNanos.clear();
  }

  synchronized int count() {
    return assigned.size();
  }
}
