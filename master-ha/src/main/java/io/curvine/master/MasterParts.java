/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.JournalConfig;
import io.curvine.master.command.DecideEngine;
import io.curvine.master.disk.DiskWatch;
import io.curvine.master.disk.Quarantine;
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
import io.curvine.master.raft.LeaderWatch;
import io.curvine.master.raft.Position;
import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftEndedException;
import io.curvine.master.raft.RaftLogFiles;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.read.AppliedOffset;
import io.curvine.master.read.FollowerGate;
import io.curvine.master.read.LeaderPoint;
import io.curvine.master.read.ReadLease;
import io.curvine.master.read.TermQuorum;
import io.curvine.master.rpc.AdminService;
import io.curvine.master.rpc.NodeView;
import io.curvine.master.rpc.QueryPool;
import io.curvine.master.rpc.ServiceParts;
import io.curvine.master.rpc.UpkeepService;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.snapshot.LogTail;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotFetcher;
import io.curvine.master.snapshot.SnapshotSource;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.SnapshotTrigger;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.snapshot.StateRecovery;
import io.curvine.master.snapshot.StateSettings;
import io.curvine.master.store.StoreSettings;
import io.curvine.master.sync.Scanner;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.Placement;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ConfirmTerm;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.TermConfirmed;
import io.curvine.protocol.rpc.RpcClient;
import io.curvine.protocol.rpc.RpcServer;
import io.curvine.ufs.UfsRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
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
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final long NUDGE_MILLIS = 2_000;
  private static final long REJOIN_MILLIS = 200;
  private static final long DISK_MILLIS = 1_000;
  private static final long MEMBERS_MILLIS = 500;
  private static final int REQUEST_THREADS = 2;
  private static final int FILE_TASKS_MAX = 64;
  private static final long LOG_TAIL_ENTRIES = 20_000;
  private static final long LOG_TAIL_BYTES = 64L << 20;

  /** One question at a time, with what follows its answer. */
  private static final int RAFT_CALLS_MAX = 4;

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
  private final ExecutorService raftCaller;
  private final ServiceParts.Reads reads;
  private final Pings pings;
  private final boolean joins;
  private final ExecutorService requests;
  private final SnapshotStore snapshots;
  private final SnapshotFetcher fetcher;
  private final Probation probation;
  private final DiskWatch disk;
  private final ExecutorService compactor;
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
    this.raftCaller = closer.addExecutor(Threads.fixed("raft-caller", 1, RAFT_CALLS_MAX));
    this.reads = newReads();
    this.pings = new Pings(client);
    this.requests =
        closer.addExecutor(Threads.fixed("request", REQUEST_THREADS, config.queryQueue()));
    this.disk = newDiskWatch();
    this.joins = FirstStart.joins(config, identity, raftLog().exists(), pings);
    this.probation = Probation.open(config.dataDir());
    Quarantine quarantine =
        new Quarantine(config.dataDir().resolve("quarantine"), Clock.systemUTC());
    this.snapshots =
        SnapshotStore.open(
            config.dataDir().resolve("snapshots"),
            config.snapshotsKept(),
            quarantine,
            this::freeBytes);
    this.fetcher = new SnapshotFetcher(client, snapshots);
    this.compactor = closer.addExecutor(Threads.fixed("compaction", 1, 1));
    this.replica = closer.add(openReplica(quarantine)); // closing it ends a compaction
    this.feed = closer.add(new Feed(config, () -> raft.members()));
    this.jobs = newJobDispatcher();
    this.loader =
        closer.add(new UfsLoader(ufsRegistry, this::queries, this::propose, config.ufsThreads()));
    this.ping = new ClusterPing(config.id(), pings, () -> raft.members(), this::pong);
    this.decideLoop = newDecideLoop();
    adopt(replica.live());
  }

  private ServiceParts.Reads newReads() {
    // Its own: a read is not to wait behind a snapshot's chunks.
    RpcClient asker = closer.add(new RpcClient(CONNECT_MAX));
    TermQuorum quorum =
        new TermQuorum(config.id(), this::group, () -> raft.voters(), id -> raft.rpc(id), asker);
    ReadLease lease =
        new ReadLease(
            this::leadingTerm,
            quorum::confirm,
            config.readLease() ? ReadLease.LENGTH : Duration.ZERO,
            System::nanoTime);
    AppliedOffset applied = new AppliedOffset();
    FollowerGate gate =
        new FollowerGate(
            new LeaderPoint(this::leaderRpc, asker),
            applied,
            () -> raft.hurry(raftCaller),
            System::nanoTime);
    return new ServiceParts.Reads(lease, gate, applied);
  }

  private DiskWatch newDiskWatch() throws IOException {
    DiskWatch watch =
        new DiskWatch(
            config.id(),
            config.dataDir(),
            new DiskWatch.Marks(
                config.diskLowWatermark(), config.diskHighWatermark(), config.freeSpaceMin()),
            this::freeBytes);
    if (watch.freeBytes() < config.freeSpaceMin()) {
      throw new IOException(
          "data_dir is "
              + config.dataDir().toAbsolutePath()
              + " with "
              + watch.freeBytes()
              + " free bytes; allowed: at least free_space_min, "
              + config.freeSpaceMin());
    }
    return watch;
  }

  private long freeBytes() {
    try {
      return Files.getFileStore(config.dataDir()).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell the free space of " + config.dataDir(), e);
    }
  }

  private Replica openReplica(Quarantine quarantine) throws IOException {
    StateDirectory states = StateDirectory.open(config.dataDir().resolve("state"), quarantine);
    StateSettings settings = stateSettings();
    if (!alone() && !raftLog().exists()) {
      probation.begin(Probation.Cause.NEW, "its directory has no Raft log");
    }
    LiveState live =
        new StateRecovery(states, snapshots, raftLog(), settings, quarantine, probation, alone())
            .open();
    ExecutorService files = closer.addExecutor(Threads.fixed("files", 1, FILE_TASKS_MAX));
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
            new LogTail(Math.min(LOG_TAIL_ENTRIES, config.snapshotEntries() / 10), LOG_TAIL_BYTES),
            settings,
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

  private StateSettings stateSettings() {
    return new StateSettings(
        new JournalConfig(
            config.journalSegment(),
            config.journalRetention() == 0 ? Long.MAX_VALUE : config.journalRetention(),
            config.journalRetentionAge().isZero() ? FOR_EVER : config.journalRetentionAge()),
        new StoreSettings(config.stateCache(), config.blockCache(), config.writeBuffer()));
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
    applied();
    if (!live.applier().clusterId().isEmpty()) {
      identity.confirm(live.applier().clusterId());
    }
  }

  /** Takes part in Raft and serves. */
  void start() throws IOException {
    raft = closer.add(RaftNode.start(config, joins, replica, probation, this::standing));
    members = new MemberParts(config, identity, raft.members(), pings, this, meters, failed);
    decideLoop.start();
    closer.add(decideLoop);
    feed.serve(replica.live().journal());
    QueryPool queryPool = closer.add(new QueryPool(config.queryThreads(), config.queryQueue()));
    SnapshotSource source =
        new SnapshotSource(
            snapshots,
            config.snapshotTransferRate(),
            closer.addExecutor(Threads.timer("snapshot-source")));
    ServiceParts service =
        new ServiceParts(
            this,
            decideLoop,
            loader,
            sessions,
            jobs,
            jobWaiters,
            workers,
            source,
            disk,
            () -> replica.live().journal(),
            reads,
            queryPool,
            config.queryQueue(),
            new AdminService(
                this, raft.members(), members.admin(), new UpkeepService(replica, compactor)),
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
    gauges.transfers(fetcher.progress(), source);
    gauges.health(disk, probation);
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
    Rejoin rejoin = new Rejoin(client, probation, raft, raftCaller, ping);
    every(timer, REJOIN_MILLIS, "the end of the probation", rejoin::tick);
    every(timer, DISK_MILLIS, "a look at the disk", disk::tick);
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
    return disk.refusal(command)
        .map(why -> CompletableFuture.completedFuture(Reply.refused(ErrorCode.NO_SPACE, why)))
        .orElseGet(() -> decideLoop.propose(command));
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

  Probation probation() {
    return probation;
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

  /** The state was written. */
  void applied() {
    reads.applied().advanced(replica.live().applier().nextOffset());
  }

  // Raft, as those parts see it that are made before it.

  @Override
  public CompletableFuture<Void> submit(byte[] entry, Object known) {
    return raft.submit(entry, known);
  }

  @Override
  public CompletableFuture<Void> readGate() {
    return reads.lease().gate();
  }

  @Override
  public long leadingTerm() {
    return raft.leadingTerm();
  }

  // The node, as its RPC port sees it.

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public String group() {
    return raft.group();
  }

  @Override
  public TermConfirmed term() {
    // The term first: what the log has is only a hint.
    TermConfirmed.Builder confirmed =
        TermConfirmed.newBuilder().setNodeId(config.id()).setTerm(raft.term());
    LeaderWatch.Standing standing = raft.standing();
    return confirmed
        .setLogTerm(standing.log().term())
        .setLogIndex(Math.max(0, standing.log().index()))
        .setStartedMs(standing.startedMillis())
        .build();
  }

  /** Asks another master how it would stand for election. */
  private CompletableFuture<LeaderWatch.Standing> standing(HostPort rpc) {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setConfirmTerm(ConfirmTerm.newBuilder().setGroup(group()))
            .build();
    return client
        .call(rpc, request, CONNECT_MAX)
        .thenApply(MasterResponse::getTermConfirmed)
        .thenApply(
            confirmed ->
                new LeaderWatch.Standing(
                    new Position(confirmed.getLogTerm(), confirmed.getLogIndex()),
                    confirmed.getStartedMs()));
  }

  @Override
  public boolean leading() {
    return decideLoop.leading() && raft.leadingTerm() != 0;
  }

  @Override
  public String leaderRpc() {
    return raft.leaderId().flatMap(raft::rpc).map(HostPort::toString).orElse("");
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
