/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.PollJobs;
import io.curvine.protocol.proto.Query;
import io.curvine.worker.cluster.Lease;
import io.curvine.worker.cluster.MasterClient;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.fill.UfsDirectory;
import io.curvine.worker.store.BlockStore;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leader for work while slots are free and the lease is held, does it, and says how it
 * ended. The asking is one thread's; the slots bound what is under way.
 */
public final class JobRunner implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final int WAIT_MS = 5_000;
  private static final Duration FINISH_PATIENCE = Duration.ofMinutes(1);
  private static final long PAUSE_MS = 200;

  private final MasterClient masters;
  private final Lease lease;
  private final int workerId;
  private final int slots;
  private final JobExecutor executor;
  private final ExecutorService threads;
  private final Semaphore free;
  private final Set<Long> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  /** What jobs are done with. */
  public record Tools(
      UfsDirectory ufsOf, FileContent content, BlockStore store, PageFiller filler) {}

  public JobRunner(MasterClient masters, Lease lease, int workerId, int slots, Tools tools) {
    this.masters = masters;
    this.lease = lease;
    this.workerId = workerId;
    this.slots = slots;
    this.executor =
        new JobExecutor(
            tools.ufsOf,
            tools.content,
            new PartRunner(tools.store, tools.filler, this::tellChanged));
    this.threads = Executors.newFixedThreadPool(slots, new DefaultThreadFactory("job", true));
    this.free = new Semaphore(slots);
  }

  /** Jobs that this worker did. */
  public long succeeded() {
    return succeeded.get();
  }

  /** Attempts that failed. */
  public long failed() {
    return failed.get();
  }

  /** Works until the client of the masters is closed. */
  @Override
  public void run() {
    while (!masters.isClosed()) {
      try {
        if (!lease.held() || !free.tryAcquire(PAUSE_MS, TimeUnit.MILLISECONDS)) {
          masters.pause(PAUSE_MS);
          continue;
        }
        free.release();
        poll();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException e) {
        LOG.debug("no jobs: {}", e.toString());
        pause();
      } catch (RuntimeException e) {
        LOG.error("asking for jobs failed", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      masters.pause(PAUSE_MS);
    } catch (IOException e) {
      LOG.debug("no more jobs: {}", e.getMessage());
    }
  }

  private void poll() throws IOException {
    PollJobs request =
        PollJobs.newBuilder()
            .setWorkerId(workerId)
            .setWaitMs(WAIT_MS)
            .setLimit(Math.max(1, Math.min(slots, free.availablePermits())))
            .build();
    var reply =
        masters
            .askLeader(
                MasterRequest.newBuilder().setPollJobs(request).build(),
                Duration.ofMillis(WAIT_MS),
                Duration.ofSeconds(5))
            .getPollJobs();
    for (JobOrder order : reply.getJobsList()) {
      if (running.add(order.getJob().getId())) {
        begin(order);
      }
    }
  }

  private void begin(JobOrder order) throws IOException {
    Job job = order.getJob();
    try {
      free.acquire();
    } catch (InterruptedException e) {
      running.remove(job.getId());
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    threads.execute(
        () -> {
          try {
            finish(job, executor.run(order));
          } finally {
            running.remove(job.getId());
            free.release();
          }
        });
  }

  private void finish(Job job, Outcome outcome) {
    (outcome.succeeded() ? succeeded : failed).incrementAndGet();
    Command command = Command.newBuilder().setFinishJob(outcome.toProto(job.getId())).build();
    try {
      masters.askLeader(
          MasterRequest.newBuilder().setCommand(command).build(), Duration.ZERO, FINISH_PATIENCE);
    } catch (IOException e) {
      LOG.warn("cannot say how job {} ended, it will be done again: {}", job.getId(), e.toString());
    }
  }

  /** Has the masters look at a file's UFS object again, for the next attempt. */
  private void tellChanged(long inode) {
    Query query =
        Query.newBuilder()
            .setGetLayout(
                GetLayout.newBuilder()
                    .setAt(EntryRef.newBuilder().setInode(inode))
                    .setLengthBytes(1)
                    .setRefresh(true))
            .build();
    try {
      masters.askLeader(
          MasterRequest.newBuilder().setQuery(query).build(), Duration.ZERO, FINISH_PATIENCE);
    } catch (IOException e) {
      LOG.info("the UFS object of inode {} was not looked at again: {}", inode, e.toString());
    }
  }

  /** Takes no more jobs; those under way end. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
