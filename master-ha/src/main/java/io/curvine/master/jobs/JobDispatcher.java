/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.master.query.QueryEngine;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.protocol.proto.PollJobs;
import io.curvine.protocol.proto.PollJobsReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Hands UFS jobs to the workers that ask for some. A worker without work waits until there is some;
 * a file's job goes to a worker that holds the file's first block if one asks soon. Thread-safe.
 */
public final class JobDispatcher {
  private static final int LIMIT_MAX = 64;
  private static final int LOOK_AHEAD = 256;
  private static final long WAIT_MAX_MILLIS = 60_000;
  private static final long FOR_HOLDER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private record Poll(PollJobs request, long untilNanos, Consumer<PollJobsReply> caller) {}

  private final Supplier<QueryEngine> queries;
  private final WorkerRegistry workers;
  private final Assignments assignments;
  private final Executor executor;
  private final LongSupplier clockNanos;
  private final Map<Integer, Poll> waiting = new LinkedHashMap<>();
  private final Map<Long, Long> firstSeenNanos = new HashMap<>();
  private final JobCounts counts = new JobCounts();
  private final AtomicBoolean serving = new AtomicBoolean();
  private final AtomicBoolean again = new AtomicBoolean();

  /**
   * When jobs go to another worker, and when they are tried again.
   *
   * @param timeout after which a job that its worker did not finish is handed out again
   */
  public record Patience(Duration timeout, Duration retryMin, Duration retryMax) {}

  /**
   * @param executor where the state is read; it may refuse
   * @param clockNanos as {@link System#nanoTime}
   */
  public JobDispatcher(
      Supplier<QueryEngine> queries,
      WorkerRegistry workers,
      Patience patience,
      Executor executor,
      LongSupplier clockNanos) {
    this.queries = queries;
    this.workers = workers;
    this.executor = executor;
    this.clockNanos = clockNanos;
    this.assignments =
        new Assignments(
            patience.timeout,
            patience.retryMin,
            patience.retryMax,
            workers::isLiveSince,
            clockNanos);
  }

  /** A worker asks for work; the answer may come late, and is empty where there was none. */
  public void poll(PollJobs request, Consumer<PollJobsReply> caller) {
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    Poll poll =
        new Poll(
            request, clockNanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(waitMillis), caller);
    Poll before;
    synchronized (waiting) {
      before = waiting.put(request.getWorkerId(), poll);
    }
    if (before != null) {
      before.caller.accept(PollJobsReply.getDefaultInstance());
    }
    wake();
  }

  /** How jobs ended. */
  public JobCounts counts() {
    return counts;
  }

  /** Follows the journal. */
  public void observe(Event event) {
    if (assignments.observe(event)) {
      wake();
    }
  }

  /** Called now and then: patience may have run out, or a back-off. */
  public void tick() {
    synchronized (waiting) {
      if (waiting.isEmpty()) {
        return;
      }
    }
    wake();
  }

  /** This master does not lead, or begins to: nobody is known to be at anything. */
  public void reset() {
    List<Poll> all;
    synchronized (waiting) {
      all = List.copyOf(waiting.values());
      waiting.clear();
      firstSeenNanos.clear();
    }
    assignments.clear();
    all.forEach(poll -> poll.caller.accept(PollJobsReply.getDefaultInstance()));
  }

  /** Jobs that a worker is at. */
  public int assignedCount() {
    return assignments.count();
  }

  private void wake() {
    again.set(true);
    if (serving.compareAndSet(false, true)) {
      try {
        executor.execute(this::serve);
      } catch (RejectedExecutionException e) {
        // The next tick tries again.
        serving.set(false);
      }
    }
  }

  private void serve() {
    do {
      try {
        while (again.getAndSet(false)) {
          serveOnce();
        }
      } finally {
        serving.set(false);
      }
    } while (again.get() && serving.compareAndSet(false, true));
  }

  private void serveOnce() {
    List<Poll> polls;
    synchronized (waiting) {
      polls = List.copyOf(waiting.values());
    }
    for (Poll poll : polls) {
      List<JobOrder> orders = take(poll.request);
      boolean late = clockNanos.getAsLong() - poll.untilNanos >= 0;
      if (orders.isEmpty() && !late) {
        continue;
      }
      synchronized (waiting) {
        waiting.remove(poll.request.getWorkerId(), poll);
      }
      poll.caller.accept(PollJobsReply.newBuilder().addAllJobs(orders).build());
    }
  }

  private List<JobOrder> take(PollJobs request) {
    if (!workers.isLive(request.getWorkerId())) {
      return List.of();
    }
    int limit = Math.min(Math.max(1, request.getLimit()), LIMIT_MAX);
    List<Job> runnable =
        queries
            .get()
            .runnableJobs(
                LOOK_AHEAD,
                job -> !assignments.free(job) || isForAnother(job, request.getWorkerId()));
    forgetFirstSeen(runnable);
    List<JobOrder> orders = new ArrayList<>();
    for (Job job : runnable) {
      if (orders.size() == limit) {
        break;
      }
      order(job, request.getWorkerId())
          .ifPresent(
              order -> {
                assignments.assign(
                    job.getId(), request.getWorkerId(), workers.incarnation(request.getWorkerId()));
                orders.add(order);
              });
    }
    return orders;
  }

  /** The order for this worker; empty where another should have it. */
  private Optional<JobOrder> order(Job job, int worker) {
    JobOrder.Builder order = JobOrder.newBuilder().setJob(job);
    if (job.getKind() == JobKind.LOAD_PARTS) {
      for (FileLayout layout : queries.get().layoutsOf(job.getPartsList(), workers.place(worker))) {
        order.addLayouts(layout.toByteString());
      }
      return Optional.of(order.build());
    }
    if (job.getKind() == JobKind.EXPORT_FILE || job.getKind() == JobKind.UFS_RENAME) {
      queries.get().knownVersion(job).ifPresent(v -> order.setChecked(true).setKnownVersion(v));
    }
    if (job.getKind() != JobKind.EXPORT_FILE && job.getKind() != JobKind.LOAD_FILE) {
      return Optional.of(order.build());
    }
    Optional<FileLayout> layout = queries.get().layoutOf(job.getInode(), workers.place(worker));
    if (layout.isEmpty()) {
      return Optional.of(order.build());
    }
    if (anotherHolds(layout.get(), worker) && isFresh(job)) {
      return Optional.empty();
    }
    return Optional.of(order.setLayout(layout.get().toByteString()).build());
  }

  private boolean isForAnother(Job job, int worker) {
    return job.getWorkerId() != 0
        && job.getWorkerId() != worker
        && workers.isLive(job.getWorkerId());
  }

  private static boolean anotherHolds(FileLayout layout, int worker) {
    if (layout.getBlocksCount() == 0) {
      return false;
    }
    List<BlockLocation> holders =
        layout.getBlocks(0).getLocationsList().stream().filter(BlockLocation::getHolds).toList();
    return !holders.isEmpty()
        && holders.stream().noneMatch(holder -> holder.getWorkerId() == worker);
  }

  private boolean isFresh(Job job) {
    long now = clockNanos.getAsLong();
    synchronized (waiting) {
      return now - firstSeenNanos.computeIfAbsent(job.getId(), id -> now) < FOR_HOLDER_NANOS;
    }
  }

  private void forgetFirstSeen(List<Job> runnable) {
    synchronized (waiting) {
      if (!firstSeenNanos.isEmpty()) {
        firstSeenNanos.keySet().retainAll(runnable.stream().map(Job::getId).toList());
      }
    }
  }
}
