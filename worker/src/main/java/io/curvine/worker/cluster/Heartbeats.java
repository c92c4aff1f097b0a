/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.HeartbeatReply;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every master, once an interval, that the worker is there and what changed; takes the lease
 * and the mount table from the answers. Thread-safe.
 */
public final class Heartbeats implements StoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final MasterClient masters;
  private final Lease lease;
  private final MountTable mounts;
  private final Duration interval;
  private final Duration timeout;
  private final Supplier<Heartbeat> beat;
  private final List<BlockReporter> reporters = new ArrayList<>();
  private final AtomicIntegerArray silent;

  /**
   * Heartbeats that are not sent yet.
   *
   * @param beat what to say, but for the last report's number
   */
  public Heartbeats(
      MasterClient masters,
      BlockStore store,
      Lease lease,
      MountTable mounts,
      Duration interval,
      Duration masterTimeout,
      Supplier<Heartbeat> beat) {
    this.masters = masters;
    this.lease = lease;
    this.mounts = mounts;
    this.interval = interval;
    this.timeout = shorter(masterTimeout, longer(interval.multipliedBy(3), Duration.ofSeconds(1)));
    this.beat = beat;
    this.silent = new AtomicIntegerArray(masters.masters().size());
    String incarnation = beat.get().getIncarnation();
    for (HostPort master : masters.masters()) {
      reporters.add(new BlockReporter(master, masters, store, incarnation, masterTimeout));
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** Begins; the scheduler ends it. */
  public void start(ScheduledExecutorService scheduler) {
    for (int i = 0; i < reporters.size(); i++) {
      int master = i;
      scheduler.scheduleAtFixedRate(
          () -> send(master), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void send(int master) {
    long sentAt = System.nanoTime();
    try {
      Heartbeat heartbeat =
          beat.get().toBuilder().setReportSeq(reporters.get(master).acknowledged()).build();
      masters
          .ask(
              masters.masters().get(master),
              MasterRequest.newBuilder().setHeartbeat(heartbeat).build(),
              timeout)
          .whenComplete(
              (answer, failure) -> {
                try {
                  answered(master, sentAt, heartbeat.getWorkerId(), answer, failure);
                } catch (RuntimeException e) {
                  LOG.error("the answer of {} failed", masters.masters().get(master), e);
                }
              });
    } catch (RuntimeException e) {
      LOG.error("heartbeat to {} failed", masters.masters().get(master), e);
    }
  }

  private void answered(
      int master, long sentAt, int workerId, MasterResponse answer, Throwable failure) {
    if (failure != null || answer.getCode() != ErrorCode.OK) {
      if (silent.getAndIncrement(master) == 0 && !masters.isClosed()) {
        LOG.warn(
            "master {} does not take heartbeats: {}",
            masters.masters().get(master),
            failure == null ? answer.getCode() + " " + answer.getMessage() : failure.toString());
      }
      return;
    }
    if (silent.getAndSet(master, 0) > 0) {
      LOG.info("master {} takes heartbeats again", masters.masters().get(master));
    }
    HeartbeatReply reply = answer.getHeartbeat();
    if (reply.getMountsChanged()) {
      mounts.update(reply.getMountsVersion(), reply.getMountsList());
    }
    lease.granted(master, sentAt, reply.getLeaseMs());
    BlockReporter reporter = reporters.get(master);
    if (reply.getFullReport()) {
      reporter.fullAsked();
    }
    reporter.flush(workerId);
  }

  @Override
  public void added(BlockKey block) {
    reporters.forEach(reporter -> reporter.changed(block, true));
  }

  @Override
  public void removed(BlockKey block) {
    reporters.forEach(reporter -> reporter.changed(block, false));
  }
}
