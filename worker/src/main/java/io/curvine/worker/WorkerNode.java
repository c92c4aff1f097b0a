/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.ufs.UfsRegistry;
import io.curvine.worker.cluster.BlockChecker;
import io.curvine.worker.cluster.FeedEffects;
import io.curvine.worker.cluster.FeedFollower;
import io.curvine.worker.cluster.Heartbeats;
import io.curvine.worker.cluster.Identity;
import io.curvine.worker.cluster.Lease;
import io.curvine.worker.cluster.MasterClient;
import io.curvine.worker.cluster.MountTable;
import io.curvine.worker.cluster.Registration;
import io.curvine.worker.cluster.UnnamedBlocks;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.jobs.CopyRunner;
import io.curvine.worker.jobs.FileContent;
import io.curvine.worker.jobs.JobRunner;
import io.curvine.worker.jobs.PolicyFills;
import io.curvine.worker.net.DataServer;
import io.curvine.worker.net.PeerReader;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: it serves blocks, keeps in touch with every master, follows the journal and
 * does jobs. Thread-safe.
 */
public final class WorkerNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);

  private final WorkerConfig config;
  private final MeterRegistry registry;
  private final Identity identity;
  private final BlockStore store;
  private final MountTable mounts;
  private final PageFiller filler;
  private final MasterClient masters;
  private final Lease lease;
  private final DataServer server;
  private final PeerReader peers;
  private final ScheduledExecutorService scheduler;
  private final String incarnation = UUID.randomUUID().toString();
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile int workerId;
  private volatile FeedFollower feed;
  private volatile JobRunner jobs;
  private volatile CopyRunner copies;
  private volatile PolicyFills fills;
  private volatile BlockChecker checker;
  private volatile UnnamedBlocks unnamed;
  private boolean closed;

  private WorkerNode(WorkerConfig config, MeterRegistry registry, MountTable.UfsOpener opener)
      throws IOException {
    this.config = config;
    this.registry = registry;
    this.identity = Identity.open(config.idDir());
    this.store =
        BlockStore.open(
            new StoreSettings(
                config.dirSpecs(),
                config.highWatermarkPercent(),
                config.lowWatermarkPercent(),
                config.pinMaxPercent(),
                config.eviction(),
                config.moveRate(),
                config.scrubRate(),
                config.hotBlockReads(),
                System::nanoTime));
    this.mounts = new MountTable(opener);
    this.filler = new PageFiller(mounts, config.fillThreads(), config.maxFillRangeBytes());
    this.masters = new MasterClient(config.masters(), config.masterTimeout());
    this.lease = new Lease(config.masters(), System::nanoTime);
    this.server =
        new DataServer(
            store,
            filler,
            lease,
            config.dataThreads(),
            config.peerTimeout(),
            config.stallTimeout());
    this.peers = new PeerReader(server.loops(), config.peerTimeout());
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("heartbeat", true));
  }

  /**
   * Starts a worker with the UFSs that are on the class path. Returns when its port is bound; it
   * registers in the background, for as long as that takes.
   *
   * @throws IOException where the port or every cache directory fails
   */
  public static WorkerNode start(WorkerConfig config, MeterRegistry registry) throws IOException {
    UfsRegistry providers = UfsRegistry.load();
    return start(config, registry, providers::open);
  }

  /** The same with another way to open UFSs. */
  static WorkerNode start(WorkerConfig config, MeterRegistry registry, MountTable.UfsOpener opener)
      throws IOException {
    WorkerNode node = new WorkerNode(config, registry, opener);
    try {
      node.server.listen(new HostPort(config.bindHost(), config.dataPort()));
      config.socketPath().ifPresent(node.server::listenLocally);
    } catch (IOException e) {
      node.close();
      throw e;
    }
    node.store.startUpkeep();
    WorkerMetrics.register(registry, node.store, node.server, node.filler, node.lease);
    node.startThread("join", node::join);
    return node;
  }

  private synchronized void startThread(String name, Runnable task) {
    if (closed) {
      return;
    }
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((t, failure) -> fail(failure));
    threads.add(thread);
    thread.start();
  }

  private void fail(Throwable failure) {
    LOG.error("the worker stops", failure);
    terminated.completeExceptionally(failure);
  }

  private void join() {
    try {
      workerId = Registration.register(masters, identity, address());
      begin();
    } catch (IOException e) {
      if (!masters.isClosed()) {
        fail(e);
      }
    }
  }

  private synchronized void begin() throws IOException {
    if (closed) {
      return;
    }
    FileContent content = new FileContent(store, filler, peers);
    JobRunner.Tools tools = new JobRunner.Tools(mounts, content, store, filler);
    unnamed = new UnnamedBlocks(store, config.unnamedKept());
    fills = new PolicyFills(masters, workerId, tools);
    server.listen(fills);
    checker =
        new BlockChecker(
            masters,
            store,
            unnamed,
            fills::few,
            workerId,
            config.sweepInterval(),
            config.writeGrace());
    feed =
        new FeedFollower(
            masters, identity, new FeedEffects(store, unnamed, checker, () -> workerId), checker);
    jobs = new JobRunner(masters, lease, workerId, config.jobSlots(), tools);
    copies =
        new CopyRunner(
            masters,
            lease,
            workerId,
            new CopyRunner.Tools(content, store, new Throttle(config.copyRate()), unnamed::remove));
    Heartbeat constant =
        Heartbeat.newBuilder()
            .setWorkerId(workerId)
            .setUuid(identity.uuid())
            .setAddress(address())
            .setPid(ProcessHandle.current().pid())
            .setClusterId(identity.clusterId())
            .setIncarnation(incarnation)
            .build();
    Heartbeats heartbeats =
        new Heartbeats(
            masters,
            store,
            lease,
            mounts,
            config.heartbeatInterval(),
            config.masterTimeout(),
            () -> heartbeat(constant));
    store.listen(heartbeats);
    heartbeats.start(scheduler);
    WorkerMetrics.registerJobs(registry, jobs, feed);
    startThread("feed", feed);
    startThread("checker", checker);
    startThread("unnamed-blocks", unnamed);
    startThread("jobs", jobs);
    startThread("copies", copies);
    startThread("policy-fills", fills);
  }

  private WorkerAddress address() throws IOException {
    String host = config.advertisedHost();
    return WorkerAddress.newBuilder()
        .setHost(host.isEmpty() ? InetAddress.getLocalHost().getHostName() : host)
        .setDataPort(server.port())
        .setHttpPort(config.httpPort())
        .setRack(config.rack())
        .build();
  }

  private Heartbeat heartbeat(Heartbeat constant) {
    return constant.toBuilder()
        .addAllTiers(store.tiers())
        .setFeedOffset(feed.cursor())
        .setCorruptPages(store.corruptPages())
        .addAllHotBlocks(store.hot().now().stream().map(BlockKey::toProto).toList())
        .setMountsVersion(mounts.version())
        .build();
  }

  /** It is registered and may serve. */
  public boolean ready() {
    return notReadyReason().isEmpty();
  }

  /** Why it may not serve now; empty where it may. */
  public String notReadyReason() {
    if (terminated.isDone()) {
      return "stopped";
    }
    if (workerId == 0) {
      return "not registered with the masters yet";
    }
    return lease.held() ? "" : "no lease from a majority of the masters";
  }

  /** Its number in the cluster; 0: not registered yet. */
  public int workerId() {
    return workerId;
  }

  /** The port of the data protocol. */
  public int dataPort() {
    return server.port();
  }

  /** Ends when the worker is closed, exceptionally where it failed. */
  public CompletableFuture<Void> terminated() {
    return terminated.copy();
  }

  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      ending = List.copyOf(threads);
    }
    scheduler.shutdownNow();
    masters.close();
    server.close();
    peers.close();
    filler.close();
    if (jobs != null) {
      jobs.close();
      copies.close();
      fills.close();
      checker.close();
      unnamed.close();
    }
    join(ending);
    mounts.close();
    try {
      store.close();
      terminated.complete(null);
    } catch (IOException e) {
      fail(e);
    }
  }

  private static void join(List<Thread> ending) {
    try {
      for (Thread thread : ending) {
        if (thread != Thread.currentThread()) {
          thread.join(2_000);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
