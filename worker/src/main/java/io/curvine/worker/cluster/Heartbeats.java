/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.HeartbeatReply;
import io.curvine.protocol.proto.MasterGroup;
import io.curvine.protocol.proto.MasterMember;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final BlockStore store;
  private final Duration masterTimeout;
  private final String incarnation;
  private final Map<HostPort, Target> targets = new ConcurrentHashMap<>();
  private volatile long mastersIndex = -1;
  private ScheduledExecutorService scheduler;

  /** A master that is told. */
  private static final class Target {
    private final HostPort master;
    private final BlockReporter reporter;
    private final AtomicInteger silent = new AtomicInteger();
    private ScheduledFuture<?> sending;

    Target(HostPort master, BlockReporter reporter) {
      this.master = master;
      this.reporter = reporter;
    }
  }

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
    this.store = store;
    this.masterTimeout = masterTimeout;
    this.incarnation = beat.get().getIncarnation();
    masters.masters().forEach(this::add);
  }

  private Target add(HostPort master) {
    Target target =
        new Target(master, new BlockReporter(master, masters, store, incarnation, masterTimeout));
    targets.put(master, target);
    return target;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** Begins; the scheduler ends it. */
  public synchronized void start(ScheduledExecutorService timer) {
    scheduler = timer;
    targets.values().forEach(this::begin);
  }

  private void begin(Target target) {
    target.sending =
        scheduler.scheduleAtFixedRate(
            () -> send(target), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The masters are others than the configuration said, or than they were. */
  private synchronized void follow(MasterGroup group) {
    if (group.getIndex() <= mastersIndex || scheduler.isShutdown()) {
      return;
    }
    mastersIndex = group.getIndex();
    List<HostPort> now = addresses(group, true);
    LOG.info("the masters are {} now", now);
    masters.follow(now);
    lease.follow(addresses(group, false));
    targets
        .values()
        .removeIf(
            target -> {
              boolean gone = !now.contains(target.master);
              if (gone) {
                target.sending.cancel(false);
              }
              return gone;
            });
    now.stream()
        .filter(master -> !targets.containsKey(master))
        .forEach(master -> begin(add(master)));
  }

  /** Listeners are told of blocks too, so that one that is promoted knows them. */
  private static List<HostPort> addresses(MasterGroup group, boolean listeners) {
    return group.getMembersList().stream()
        .filter(member -> listeners || !member.getListener())
        .map(MasterMember::getAddress)
        .map(address -> new HostPort(address.getHost(), address.getRpcPort()))
        .toList();
  }

  private void send(Target target) {
    long sentAt = System.nanoTime();
    try {
      Heartbeat heartbeat =
          beat.get().toBuilder()
              .setReportSeq(target.reporter.acknowledged())
              .setMastersIndex(mastersIndex)
              .build();
      masters
          .ask(target.master, MasterRequest.newBuilder().setHeartbeat(heartbeat).build(), timeout)
          .whenComplete(
              (answer, failure) -> {
                try {
                  answered(target, sentAt, heartbeat.getWorkerId(), answer, failure);
                } catch (RuntimeException e) {
                  LOG.error("the answer of {} failed", target.master, e);
                }
              });
    } catch (RuntimeException e) {
      LOG.error("heartbeat to {} failed", target.master, e);
    }
  }

  private void answered(
      Target target, long sentAt, int workerId, MasterResponse answer, Throwable failure) {
    if (failure != null || answer.getCode() != ErrorCode.OK) {
      if (target.silent.getAndIncrement() == 0 && !masters.isClosed()) {
        LOG.warn(
            "master {} does not take heartbeats: {}",
            target.master,
            failure == null ? answer.getCode() + " " + answer.getMessage() : failure.toString());
      }
      return;
    }
    if (target.silent.getAndSet(0) > 0) {
      LOG.info("master {} takes heartbeats again", target.master);
    }
    HeartbeatReply reply = answer.getHeartbeat();
    if (reply.getMountsChanged()) {
      mounts.update(reply.getMountsVersion(), reply.getMountsList());
    }
    if (reply.hasGroup()) {
      follow(reply.getGroup());
    }
    lease.granted(target.master, sentAt, reply.getLeaseMs());
    if (reply.getFullReport()) {
      target.reporter.fullAsked();
    }
    target.reporter.flush(workerId);
  }

  @Override
  public void added(BlockKey block) {
    targets.values().forEach(target -> target.reporter.changed(block, true));
  }

  @Override
  public void removed(BlockKey block) {
    targets.values().forEach(target -> target.reporter.changed(block, false));
  }
}
