/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Tells those who wait for jobs when the last of them is finished. Thread-safe. */
public final class JobWaiters {
  private final Map<Long, Set<Waiter>> byJob = new HashMap<>();

  private static final class Waiter {
    private final Set<Long> unfinished;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    Waiter(Collection<Long> jobs) {
      this.unfinished = new HashSet<>(jobs);
    }
  }

  /**
   * Completes when all these jobs have finished, or were refused, after this call; the caller looks
   * at the state after calling, cancels what it no longer waits for, and does not block where it is
   * told.
   */
  public CompletableFuture<Void> await(Collection<Long> jobs) {
    Waiter waiter = new Waiter(jobs);
    synchronized (this) {
      for (long job : waiter.unfinished) {
        byJob.computeIfAbsent(job, id -> new HashSet<>()).add(waiter);
      }
    }
    return waiter.finished.whenComplete((done, failure) -> remove(waiter));
  }

  private synchronized void remove(Waiter waiter) {
    for (long job : waiter.unfinished) {
      byJob.computeIfPresent(
          job,
          (id, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
          });
    }
  }

  /** Follows the journal. */
  public void observe(Event event) {
    switch (event.getEventCase()) {
      case JOB_FINISHED -> ended(event.getJobFinished().getJobId());
      case TREE_JOB_ENDED -> ended(event.getTreeJobEnded().getId());
      case JOB_ATTEMPTED -> {
        if (isRefusal(event.getJobAttempted().getCode())) {
          ended(event.getJobAttempted().getJobId());
        }
      }
      default -> {
        // Nobody waits for it.
      }
    }
  }

  /**
   * Whether somebody has to do something before a job that failed so can succeed. It is tried
   * again, and nobody waits for it any longer.
   */
  public static boolean isRefusal(ErrorCode code) {
    return code == ErrorCode.UFS_DENIED;
  }

  private void ended(long job) {
    finished(job).forEach(waiter -> waiter.finished.complete(null));
  }

  private synchronized List<Waiter> finished(long job) {
    List<Waiter> done = new ArrayList<>();
    Set<Waiter> waiters = byJob.remove(job);
    if (waiters != null) {
      for (Waiter waiter : waiters) {
        waiter.unfinished.remove(job);
        if (waiter.unfinished.isEmpty()) {
          done.add(waiter);
        }
      }
    }
    return done;
  }

  /** Nobody waits here any more: this master does not lead. They look at the state once more. */
  public void wakeAll() {
    List<Waiter> all = new ArrayList<>();
    synchronized (this) {
      byJob.values().forEach(all::addAll);
    }
    all.forEach(waiter -> waiter.finished.complete(null));
  }
}
