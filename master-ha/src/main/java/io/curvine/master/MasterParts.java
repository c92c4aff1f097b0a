/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.JournalConfig;
import io.curvine.master.command.DecideEngine;
import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.jobs.JobWaiters;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.DecideMetrics;
import io.curvine.master.leader.Housekeeping;
import io.curvine.master.leader.Nudge;
import io.curvine.master.leader.Reply;
import io.curvine.master.leader.Sessions;
import io.curvine.master.members.MemberProtos;
import io.curvine.master.members.Pings;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.raft.Consensus;
import io.curvine.master.raft.RaftEndedException;
import io.curvine.master.raft.RaftLogFiles;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.rpc.AdminService;
import io.curvine.master.rpc.NodeView;
import io.curvine.master.rpc.QueryPool;
import io.curvine.master.rpc.ServiceParts;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotFetcher;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.SnapshotTrigger;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.snapshot.StateRecovery;
import io.curvine.master.sync.Scanner;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.Placement;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.rpc.RpcClient;
import io.curvine.protocol.rpc.RpcServer;
import io.curvine.ufs.UfsRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes the parts of one master and wires them; each is opened here and closed by the closer. */
final class MasterParts implements NodeView, Consensus {
  private static final Duration GATE_MAX = Duration.ofSeconds(3);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final long NUDGE_MILLIS = 2_000;
  private static final long MEMBERS_MILLIS = 500;
  private static final int REQUEST_THREADS = 2;
  private static final int FILE_TASKS_MAX = 64;

  private final MasterConfig config;
  private final MeterRegistry meters;
  private final Closer closer;
  private final Consumer<Throwable> failed;

  private final Identity identity;
  private final WorkerRegistry workers;
  private final Placement placement;
  private final Sessions sessions;
  private final JobWaiters jobWaiters = new JobWaiters();
  private final UfsRegistry ufsRegistry = UfsRegistry.load();
  private final RpcClient client;
  private final Pings pings;
  private final boolean joins;
  private final ExecutorService requests;
  private final SnapshotStore snapshots;
  private final Replica replica;
  private final JobDispatcher jobs;
  private final UfsLoader loader;
  private final DecideLoop decideLoop;
  private final Feed feed;
  private final ClusterPing ping;
  private volatile QueryEngine queries;
  private volatile RaftNode raft;
  private volatile MemberParts members;

  MasterParts(MasterConfig config, MeterRegistry meters, Closer closer, Consumer<Throwable> failed)
      throws IOException {
    this.config = config;
    this.meters = meters;
    this.closer = closer;
    this.failed = failed;
    this.identity = closer.add(Identity.take(config));
    this.workers = new WorkerRegistry(config.deadWorkerAfter(), System::nanoTime);
    this.placement = new Placement(workers);
    this.sessions = new Sessions(config.sessionTimeout(), System::nanoTime);
    this.client = closer.add(new RpcClient(CONNECT_MAX));
    this.pings = new Pings(client);
    this.joins = FirstStart.joins(config, identity, raftLog().exists(), pings);
    this.requests =
        closer.addExecutor(Threads.fixed("request", REQUEST_THREADS, config.queryQueue()));
    this.snapshots =
        SnapshotStore.open(config.dataDir().resolve("snapshots"), config.snapshotsKept());
    this.replica = closer.add(openReplica());
    this.feed = closer.add(new Feed(config, () -> raft.members()));
    this.jobs = newJobDispatcher();
    this.loader =
        closer.add(new UfsLoader(ufsRegistry, this::queries, this::propose, config.ufsThreads()));
    this.ping = new ClusterPing(config.id(), pings, () -> raft.members(), this::pong);
    this.decideLoop = newDecideLoop();
    adopt(replica.live());
  }

  private Replica openReplica() throws IOException {
    Path quarantine = config.dataDir().resolve("quarantine");
    StateDirectory states = StateDirectory.open(config.dataDir().resolve("state"), quarantine);
    JournalConfig journal = journalConfig();
    LiveState live =
        new StateRecovery(states, snapshots, raftLog(), journal, alone()).open(quarantine);
    ExecutorService files = closer.addExecutor(Threads.fixed("files", 1, FILE_TASKS_MAX));
    SnapshotFetcher fetcher = new SnapshotFetcher(client, snapshots);
    SnapshotTrigger trigger =
        new SnapshotTrigger(
            config.snapshotEntries(),
            config.snapshotBytes(),
            config.snapshotAge(),
            System::nanoTime);
    return new Replica(
        live,
        new Replica.Parts(
            states,
            snapshots,
            trigger,
            journal,
            new NodeObserver(this, meters, failed),
            fetcher::fetch,
            files,
            MasterParts::epochNanos));
  }

  private RaftLogFiles raftLog() {
    return new RaftLogFiles(config.dataDir().resolve("raft"), RaftNode.groupUuid(config));
  }

  /** Whether no other master has the data, as far as is known before Raft starts. */
  private boolean alone() {
    List<String> known = identity.members();
    return known.isEmpty() ? !joins && config.members().size() == 1 : known.size() == 1;
  }

  private JournalConfig journalConfig() {
    return new JournalConfig(
        config.journalSegment(),
        config.journalRetention() == 0 ? Long.MAX_VALUE : config.journalRetention(),
        config.journalRetentionAge().isZero() ? FOR_EVER : config.journalRetentionAge());
  }

  private JobDispatcher newJobDispatcher() {
    return new JobDispatcher(
        this::queries,
        workers,
        new JobDispatcher.Patience(config.jobTimeout(), config.jobRetryMin(), config.jobRetryMax()),
        requests,
        System::nanoTime);
  }

  private DecideLoop newDecideLoop() {
    return new DecideLoop(
        config.id(),
        new DecideLoop.Limits(config.decideQueue(), config.batchCommands(), config.batchBytes()),
        new DecideLoop.Partners(
            this,
            () -> new DecideEngine(replica.live().store(), MasterParts::epochNanos),
            this::prepare,
            loader::load,
            this::leadershipChanged,
            failed),
        new DecideMetrics(meters));
  }

  private static long epochNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Another state is the one to serve from. */
  void adopt(LiveState live) throws IOException {
    queries = new QueryEngine(live.store(), workers, ufsRegistry::isSecret);
    sessions.reset(queries.sessions());
    if (!live.applier().clusterId().isEmpty()) {
      identity.confirm(live.applier().clusterId());
    }
  }

  /** Takes part in Raft and serves. */
  void start() throws IOException {
    raft = closer.add(RaftNode.start(config, joins, replica));
    members = new MemberParts(config, identity, raft.members(), pings, this, meters, failed);
    decideLoop.start();
    closer.add(decideLoop);
    feed.serve(replica.live().journal());
    QueryPool queryPool =
        closer.add(new QueryPool(this, config.queryThreads(), config.queryQueue(), GATE_MAX));
    ServiceParts service =
        new ServiceParts(
            this,
            decideLoop,
            loader,
            sessions,
            jobs,
            jobWaiters,
            workers,
            snapshots,
            () -> replica.live().journal(),
            queryPool,
            new AdminService(this, raft.members(), members.admin()),
            requests,
            config.sessionTimeout(),
            config.workerLease(),
            config.scanInterval());
    closer.add(
        RpcServer.start(
            config.bind(config.self().rpcPort()), config.rpcThreads(), service.service()));
    startTimers();
    NodeMeters gauges = new NodeMeters(meters);
    gauges.position(replica, raft, snapshots);
    gauges.load(decideLoop, queryPool);
    gauges.cluster(workers, sessions, jobs);
  }

  private void startTimers() {
    Housekeeping housekeeping =
        new Housekeeping(sessions, () -> queries.reapPending(), this::propose);
    ScheduledExecutorService timer = closer.addExecutor(Threads.timer("timer"));
    every(timer, 100, "housekeeping", () -> tickLeader(housekeeping));
    every(timer, 10_000, "forgetting dead workers", workers::sweep);
    ScheduledExecutorService slow = closer.addExecutor(Threads.timer("scan"));
    Scanner scanner = new Scanner(this::queries, loader, this::leading, config.ufsThreads());
    every(slow, 500, "a scan of mounts", scanner::tick);
    Nudge nudge = new Nudge(this, this::masters);
    every(timer, MEMBERS_MILLIS, "a look at who the masters are", members::tick);
    every(timer, NUDGE_MILLIS, "a look at the other masters", () -> tick(nudge));
    every(slow, 60_000, "journal retention", this::applyRetention);
  }

  private static void every(
      ScheduledExecutorService timer, long millis, String what, Runnable task) {
    timer.scheduleWithFixedDelay(
        Threads.guarded(what, task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private void tickLeader(Housekeeping housekeeping) {
    if (leading()) {
      housekeeping.tick();
      jobs.tick();
    }
  }

  private void tick(Nudge nudge) {
    if (leading()) {
      nudge.tick();
    }
  }

  private void applyRetention() {
    try {
      replica.live().journal().applyRetention();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletableFuture<Reply> propose(Command command) {
    return decideLoop.propose(command);
  }

  private Command prepare(Command command) {
    return command.hasAllocateBlock()
        ? command.toBuilder().setAllocateBlock(placement.fill(command.getAllocateBlock())).build()
        : command;
  }

  private void leadershipChanged(boolean begins) {
    jobs.reset();
    if (begins) {
      sessions.grace();
    } else {
      jobWaiters.wakeAll();
    }
  }

  RaftNode raft() {
    return raft;
  }

  Replica replica() {
    return replica;
  }

  DecideLoop decideLoop() {
    return decideLoop;
  }

  /** Raft has ended by itself. */
  void ended(RaftEndedException cause) {
    MemberParts told = members;
    if (told == null) {
      failed.accept(cause);
    } else {
      told.ended(cause);
    }
  }

  Identity identity() {
    return identity;
  }

  Sessions sessions() {
    return sessions;
  }

  JobDispatcher jobs() {
    return jobs;
  }

  JobWaiters jobWaiters() {
    return jobWaiters;
  }

  Feed feed() {
    return feed;
  }

  // Raft, as those parts see it that are made before it.

  @Override
  public CompletableFuture<Void> submit(byte[] entry) {
    return raft.submit(entry);
  }

  @Override
  public CompletableFuture<Void> readGate() {
    return raft.readGate();
  }

  @Override
  public long leadingTerm() {
    return raft.leadingTerm();
  }

  // The node, as its RPC port sees it.

  @Override
  public boolean leading() {
    return decideLoop.leading() && raft.leadingTerm() != 0;
  }

  @Override
  public String leaderRpc() {
    return raft.leaderId()
        .flatMap(id -> raft.members().membership().find(id))
        .map(leader -> leader.peer().rpc().toString())
        .orElse("");
  }

  @Override
  public QueryEngine queries() {
    return queries;
  }

  @Override
  public Pong pong() {
    return Pong.newBuilder()
        .setNodeId(config.id())
        .setRole(raft.role())
        .setLeaderRpc(leaderRpc())
        .setClusterId(replica.live().applier().clusterId())
        .setAppliedOffset(replica.live().applier().nextOffset())
        .setPid(ProcessHandle.current().pid())
        .setSnapshotOffset(snapshots.newest().map(SnapshotManifest::getOffset).orElse(0L))
        .setTerm(raft.term())
        .setHttp(config.self().http().toString())
        .setFeed(config.self().feed().toString())
        .setClusterName(config.clusterName())
        .setGroup(MemberProtos.group(raft.members().membership()))
        .build();
  }

  @Override
  public CompletableFuture<List<MasterStatus>> masters() {
    return ping.all();
  }
}
