/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.FeedLog;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.mirror.Mirror;
import io.curvine.journal.mirror.MirrorConfig;
import io.curvine.journal.mirror.MirrorSource;
import io.curvine.master.command.DecideEngine;
import io.curvine.master.disk.DiskWatch;
import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.jobs.JobWaiters;
import io.curvine.master.jobs.TrashSweeper;
import io.curvine.master.jobs.TreeJobs;
import io.curvine.master.jobs.TtlSweeper;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.DecideMetrics;
import io.curvine.master.leader.Housekeeping;
import io.curvine.master.leader.Nudge;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.master.leader.Sessions;
import io.curvine.master.members.Pings;
import io.curvine.master.query.LostBlocks;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.quota.QuotaCounter;
import io.curvine.master.raft.Consensus;
import io.curvine.master.raft.LeaderWatch;
import io.curvine.master.raft.Position;
import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftEndedException;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.replicas.Replicator;
import io.curvine.master.rpc.AdminService;
import io.curvine.master.rpc.CheckService;
import io.curvine.master.rpc.FeedAdmin;
import io.curvine.master.rpc.JournalReads;
import io.curvine.master.rpc.MastersService;
import io.curvine.master.rpc.QueryPool;
import io.curvine.master.rpc.ServiceParts;
import io.curvine.master.rpc.UfsSyncAdmin;
import io.curvine.master.rpc.WorkerAdmin;
import io.curvine.master.secrets.MountSealer;
import io.curvine.master.secrets.SecretsWatch;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.store.StateStore;
import io.curvine.master.sync.DirtyRepair;
import io.curvine.master.sync.Scanner;
import io.curvine.master.sync.SourceFollowers;
import io.curvine.master.sync.UfsCheck;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.Placement;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ConfirmTerm;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.NotifyUfs;
import io.curvine.protocol.rpc.RpcClient;
import io.curvine.protocol.rpc.RpcServer;
import io.curvine.ufs.UfsRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes the parts of one master and wires them; each is opened here and closed by the closer. */
final class MasterParts implements Consensus {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final int REQUEST_THREADS = 2;

  /** So many committed entries may be left to apply when a start has ended. */
  static final long BEHIND_MAX_ENTRIES = 1_000;

  /** One question at a time, with what follows its answer. */
  private static final int RAFT_CALLS_MAX = 4;

  private static final int CHECKS_MAX = 4;

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
  private final MountSealer sealer;
  private final SecretsWatch secretsWatch;
  private final RpcClient client;
  private final ExecutorService raftCaller;
  private final Pings pings;
  private final MasterView view;
  private final ServiceParts.Reads reads;
  private final ExecutorService requests;
  private final DiskWatch disk;
  private final boolean joins;
  private final StateParts state;
  private final Replicator replicator;
  private final JobDispatcher jobs;
  private final UfsLoader loader;
  private final SourceFollowers followers;
  private final Scanner scanner;
  private final TtlSweeper ttl;
  private final DecideLoop decideLoop;
  private final GroupCoordinator groups;
  private final Feed feed;
  private final Retention retention;
  private final Mirror mirror;
  private volatile QueryEngine queries;
  private volatile RaftNode raft;
  private volatile MemberParts members;

  MasterParts(
      MasterConfig config,
      MirrorConfig mirrorConfig,
      MeterRegistry meters,
      Closer closer,
      Consumer<Throwable> failed)
      throws IOException {
    this.config = config;
    this.meters = meters;
    this.sealer = MountSealer.of(config.secretsKeyFile(), ufsRegistry::isSecret);
    this.secretsWatch = new SecretsWatch(sealer, this::queries);
    this.closer = closer;
    this.failed = failed;
    this.identity = closer.add(Identity.take(config));
    this.workers = new WorkerRegistry(config.deadWorkerAfter(), this::isLeaving, System::nanoTime);
    this.placement = new Placement(workers);
    this.sessions = new Sessions(config.sessionTimeout(), System::nanoTime);
    this.client = closer.add(new RpcClient(CONNECT_MAX));
    this.raftCaller = closer.addExecutor(Threads.fixed("raft-caller", 1, RAFT_CALLS_MAX));
    this.pings = new Pings(client);
    this.view = new MasterView(config, this, pings);
    this.reads =
        ReadParts.make(config, this, view, closer.add(new RpcClient(CONNECT_MAX)), raftCaller);
    this.requests =
        closer.addExecutor(Threads.fixed("request", REQUEST_THREADS, config.queryQueue()));
    this.disk =
        DiskWatch.open(
            config.id(),
            config.dataDir(),
            new DiskWatch.Marks(
                config.diskLowWatermark(), config.diskHighWatermark(), config.freeSpaceMin()));
    this.joins = FirstStart.joins(config, identity, StateParts.raftLog(config).exists(), pings);
    this.state =
        new StateParts(config, alone(), client, new NodeObserver(this, meters, failed), closer);
    this.groups = closer.add(newGroupCoordinator());
    this.feed = closer.add(new Feed(config, () -> raft.members(), groups));
    this.retention =
        new Retention(
            config.journalFloorMax(), () -> disk.freeBytes() < config.diskHighWatermark());
    this.mirror = closer.add(Mirror.open(mirrorConfig, newMirrorSource()));
    this.replicator =
        new Replicator(
            this::queries,
            workers,
            this::propose,
            new Replicator.Patience(config.replicateAfter(), config.jobTimeout()),
            System::nanoTime);
    this.jobs = newJobDispatcher();
    this.loader =
        closer.add(
            new UfsLoader(
                ufsRegistry,
                this::queries,
                () -> replica().live().store(),
                this::propose,
                config.ufsThreads()));
    this.followers = closer.add(newFollowers());
    this.scanner = newScanner();
    this.ttl = newTtlSweeper();
    this.decideLoop = newDecideLoop();
    adopt(replica().live());
  }

  /** Whether no other master has the data, as far as is known before Raft starts. */
  private boolean alone() {
    List<String> known = identity.members();
    return known.isEmpty() ? !joins && config.members().size() == 1 : known.size() == 1;
  }

  private JobDispatcher newJobDispatcher() {
    return new JobDispatcher(
        this::queries,
        workers,
        new JobDispatcher.Patience(config.jobTimeout(), config.jobRetryMin(), config.jobRetryMax()),
        requests,
        System::nanoTime);
  }

  /** Whether a worker is drained, as far as the state here says. */
  private boolean isLeaving(int worker) {
    QueryEngine engine = queries;
    return engine != null && engine.isLeaving(worker);
  }

  private GroupCoordinator newGroupCoordinator() {
    return new GroupCoordinator(
        new JournaledGroups(() -> replica().live().store(), this::propose, this::confirmLeading),
        config.feedGroupRetention(),
        System::nanoTime,
        EpochClock::nanos);
  }

  private MirrorSource newMirrorSource() {
    return new MirrorSource() {
      @Override
      public String clusterId() {
        return replica().live().applier().clusterId();
      }

      @Override
      public Optional<FeedLog> log(String topic) {
        return feed.log(topic);
      }

      @Override
      public CompletableFuture<Void> confirmLeading() {
        return MasterParts.this.confirmLeading();
      }
    };
  }

  /** Completes when this master led after it was asked, with all that was committed before. */
  private CompletableFuture<Void> confirmLeading() {
    return view.leading()
        ? readGate()
        : CompletableFuture.failedFuture(
            new CurvineException(ErrorCode.NOT_LEADER, "this master does not lead"));
  }

  private DecideLoop newDecideLoop() {
    return new DecideLoop(
        config.id(),
        new DecideLoop.Limits(config.decideQueue(), config.batchCommands(), config.batchBytes()),
        new DecideLoop.Partners(
            this,
            () -> new DecideEngine(replica().live().store(), EpochClock::nanos),
            this::prepare,
            loader::load,
            this::leadershipChanged,
            failed),
        new DecideMetrics(meters));
  }

  /** Another state is the one to serve from. */
  void adopt(LiveState live) throws IOException {
    queries = new QueryEngine(live.store(), workers, ufsRegistry::isSecret, sealer::opened);
    sessions.reset(queries.sessions());
    applied();
    if (!live.applier().clusterId().isEmpty()) {
      identity.confirm(live.applier().clusterId());
    }
  }

  /** Takes part in Raft and serves. */
  void start() throws IOException {
    raft = closer.add(RaftNode.start(config, joins, replica(), probation(), this::standing));
    members = new MemberParts(config, identity, raft.members(), pings, view, meters, failed);
    decideLoop.start();
    closer.add(decideLoop);
    feed.serve(replica().live().journal());
    QueryPool queryPool = closer.add(new QueryPool(config.queryThreads(), config.queryQueue()));
    PastParts past =
        PastParts.make(
            config,
            replica(),
            state.snapshots(),
            store -> new QueryEngine(store, workers, ufsRegistry::isSecret),
            closer);
    ServiceParts service =
        new ServiceParts(
            view,
            decideLoop,
            loader,
            sealer,
            sessions,
            jobs,
            jobWaiters,
            workers,
            replicator,
            state.source(),
            disk,
            () -> replica().live().journal(),
            reads,
            queryPool,
            config.queryQueue(),
            new AdminService(
                new MastersService(view, raft.members(), members.admin()),
                new WorkerAdmin(view, workers::isLive, this::propose),
                state.upkeep(),
                state.service(),
                new JournalReads(() -> replica().live().journal(), requests),
                new FeedAdmin(
                    view,
                    () -> replica().live().store(),
                    () -> replica().live().journal(),
                    this::propose,
                    mirror::progress,
                    EpochClock::nanos,
                    requests),
                newCheckService(),
                new UfsSyncAdmin(
                    view,
                    () -> replica().live().store(),
                    new UfsSyncAdmin.Followed(followers, scanner),
                    this::propose,
                    EpochClock::nanos,
                    requests)),
            past.service(),
            requests,
            config.sessionTimeout(),
            config.workerLease(),
            config.scanInterval());
    closer.add(
        RpcServer.start(
            config.bind(config.self().rpcPort()), config.rpcThreads(), service.service()));
    startTimers(past);
    registerGauges(queryPool);
  }

  private void registerGauges(QueryPool queryPool) {
    NodeMeters gauges = new NodeMeters(meters);
    gauges.position(replica(), raft, state.snapshots());
    gauges.transfers(state.fetcher().progress(), state.source());
    gauges.health(disk, probation());
    gauges.load(decideLoop, queryPool);
    gauges.cluster(workers, sessions, jobs);
    gauges.replicas(replicator);
    gauges.ttl(ttl);
    gauges.secrets(secretsWatch);
    new MirrorMeters(meters).register(mirror);
  }

  private SourceFollowers newFollowers() {
    return new SourceFollowers(
        ufsRegistry,
        this::queries,
        () -> replica().live().store(),
        loader,
        this::propose,
        view::leading);
  }

  private Scanner newScanner() {
    return new Scanner(
        this::queries,
        () -> replica().live().store(),
        loader,
        this::propose,
        view::leading,
        EpochClock::nanos,
        config.ufsThreads());
  }

  private DirtyRepair newDirtyRepair() {
    return new DirtyRepair(
        this::queries,
        () -> replica().live().store(),
        loader,
        this::propose,
        view::leading,
        config.ufsThreads());
  }

  private TreeJobs newTreeJobs() {
    return new TreeJobs(
        () -> replica().live().store(),
        workers,
        loader::load,
        new PatientProposer(this::propose),
        view::leading,
        TreeJobs.STEP_ENTRIES);
  }

  private TtlSweeper newTtlSweeper() {
    return new TtlSweeper(
        () -> replica().live().store(),
        workers,
        loader::load,
        new PatientProposer(this::propose),
        view::leading,
        EpochClock::nanos,
        TtlSweeper.TICK_ENTRIES);
  }

  private TrashSweeper newTrashSweeper() {
    return new TrashSweeper(
        () -> replica().live().store(),
        loader::load,
        new PatientProposer(this::propose),
        view::leading,
        EpochClock::nanos);
  }

  private CheckService newCheckService() {
    Supplier<StateStore> store = () -> replica().live().store();
    return new CheckService(
        view,
        store,
        new LostBlocks(workers, workers::hasReported),
        new UfsCheck(loader, this::queries, store),
        this::propose,
        closer.addExecutor(Threads.fixed("state-check", 1, CHECKS_MAX)));
  }

  /** Hands a notification to the leader, be it this master or another. */
  CompletableFuture<Void> notifyUfs(NotifyUfs told, Duration max) {
    if (view.leading()) {
      return followers.push(told.getPath(), told.getToken(), told.getBody().toByteArray());
    }
    String leader = view.leaderRpc();
    if (leader.isEmpty()) {
      return CompletableFuture.failedFuture(
          new CurvineException(ErrorCode.NOT_READY, "no leader is known; send it again"));
    }
    MasterRequest request =
        MasterRequest.newBuilder().setAdmin(AdminRequest.newBuilder().setNotifyUfs(told)).build();
    return client
        .call(HostPort.parse(leader), request, max)
        .thenCompose(
            answer ->
                answer.getCode() == ErrorCode.OK
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(
                        new CurvineException(answer.getCode(), answer.getMessage())));
  }

  /** Asks another master how it would stand for election. */
  private CompletableFuture<LeaderWatch.Standing> standing(HostPort rpc) {
    MasterRequest request =
        MasterRequest.newBuilder()
            .setConfirmTerm(ConfirmTerm.newBuilder().setGroup(raft.group()))
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

  private void startTimers(PastParts past) {
    Timers timers = new Timers(closer);
    Housekeeping housekeeping =
        new Housekeeping(sessions, () -> queries.reapPending(), this::propose);
    timers.every(100, "housekeeping", () -> tickLeader(housekeeping));
    timers.every(10_000, "forgetting dead workers", workers::sweep);
    Rejoin rejoin = new Rejoin(client, probation(), raft, raftCaller, view::masters);
    timers.every(200, "the end of the probation", rejoin::tick);
    timers.every(1_000, "a look at the disk", disk::tick);
    timers.every(200, "the end of the start", this::compactOnceStarted);
    timers.every(500, "a look at who the masters are", members::tick);
    Nudge nudge = new Nudge(this, view::masters);
    timers.every(2_000, "a look at the other masters", () -> tick(nudge));
    timers.every(200, "a look at the change sources of mounts", followers::tick);
    timers.alone(500, "a scan of mounts", scanner::tick);
    QuotaCounter quotas =
        new QuotaCounter(() -> replica().live().store(), this::propose, view::leading);
    timers.alone(500, "a count for quotas", quotas::tick);
    timers.alone(100, "a step of the jobs on trees", newTreeJobs()::tick);
    timers.alone(100, "a look at what differs from its UFS", newDirtyRepair()::tick);
    timers.alone(100, "a look at the age of files", ttl::tick);
    timers.slowly(10_000, "a look at the trash", newTrashSweeper()::tick);
    timers.slowly(1_000, "a look at the replicas of blocks", this::tickReplicas);
    timers.slowly(60_000, "journal retention", this::applyRetention);
    timers.every(1_000, "a look at the secrets of mounts", secretsWatch::tick);
    timers.slowly(1_000, "closing what was unmounted", loader::tick);
    timers.slowly(1_000, "a look at the past states", past::closeIdle);
  }

  private void tickLeader(Housekeeping housekeeping) {
    if (view.leading()) {
      housekeeping.tick();
      jobs.tick();
    }
  }

  private void tickReplicas() {
    if (view.leading()) {
      replicator.tick();
    }
  }

  private void tick(Nudge nudge) {
    if (view.leading()) {
      nudge.tick();
    }
  }

  /** A start, and a state that has just come, have better to do than to compact. */
  private void compactOnceStarted() {
    boolean started = raft.leaderId().isPresent() && behind() <= BEHIND_MAX_ENTRIES;
    replica().live().store().compactFromNowOn(started);
  }

  /** Entries that are committed and not applied, as far as is known here. */
  long behind() {
    return raft.committedIndex() - replica().applied().index();
  }

  private void applyRetention() {
    try {
      retention.apply(replica().live());
      feed.dropUnused();
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
    Command filled = loader.ownChanges().prepare(command);
    return filled.hasFinishJob() ? withPatience(filled) : placement.fill(filled);
  }

  private Command withPatience(Command command) {
    return command.toBuilder()
        .setFinishJob(
            command.getFinishJob().toBuilder().setGiveUpAfterMs(config.jobGiveUpAfter().toMillis()))
        .build();
  }

  private void leadershipChanged(boolean begins) {
    jobs.reset();
    replicator.reset();
    if (begins) {
      loader.ownChanges().leadershipBegins();
      sessions.grace();
      groups.leadershipBegins();
      mirror.leadershipBegins();
    } else {
      groups.leadershipEnds();
      mirror.leadershipEnds();
      jobWaiters.wakeAll();
    }
  }

  RaftNode raft() {
    return raft;
  }

  StateParts state() {
    return state;
  }

  Probation probation() {
    return state.probation();
  }

  Replica replica() {
    return state.replica();
  }

  QueryEngine queries() {
    return queries;
  }

  MasterView view() {
    return view;
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

  Replicator replicator() {
    return replicator;
  }

  JobWaiters jobWaiters() {
    return jobWaiters;
  }

  Feed feed() {
    return feed;
  }

  Mirror mirror() {
    return mirror;
  }

  /** The state was written. */
  void applied() {
    reads.applied().advanced(replica().live().applier().nextOffset());
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
}
