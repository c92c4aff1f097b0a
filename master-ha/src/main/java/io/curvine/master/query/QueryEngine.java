/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PresentObject;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CheckBlocksReply;
import io.curvine.protocol.proto.ClusterStatus;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.GetStatFs;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountList;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.proto.StatFs;
import io.curvine.protocol.proto.WorkerRecord;
import io.curvine.ufs.MountSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Answers from committed state, each query from one snapshot of it. Thread-safe. Whether the state
 * is recent enough to be linearizable is for the caller to see to.
 */
public final class QueryEngine {
  private final StateStore store;
  private final SoftState workers;
  private final Predicate<String> secretOption;
  private final UnaryOperator<Mount> opener;

  /** No job with a lower id is unfinished, now or later: ids grow. */
  private final AtomicLong firstUnfinishedJob = new AtomicLong();

  /** An engine on a state of which no UFS is called by a secret that is sealed. */
  public QueryEngine(StateStore store, SoftState workers, Predicate<String> secretOption) {
    this(store, workers, secretOption, UnaryOperator.identity());
  }

  /**
   * An engine on the committed state.
   *
   * @param secretOption tells the mount options whose values are never shown
   * @param opener opens the secrets of a mount that are sealed
   */
  public QueryEngine(
      StateStore store,
      SoftState workers,
      Predicate<String> secretOption,
      UnaryOperator<Mount> opener) {
    this.store = store;
    this.workers = workers;
    this.secretOption = secretOption;
    this.opener = opener;
  }

  /** What a query gives, on one snapshot. */
  @FunctionalInterface
  private interface Answer<T> {
    T from(StateView state) throws Refused, NeedsUfs;
  }

  /** Either what was found, or how it ended early; carries the latter out of the snapshot. */
  private record Outcome<T>(T value, Refused refused, NeedsUfs needs) {}

  private <T> T read(Answer<T> answer) throws Refused, NeedsUfs {
    Outcome<T> outcome =
        store.read(
            state -> {
              try {
                return new Outcome<>(answer.from(state), null, null);
              } catch (Refused refused) {
                return new Outcome<>(null, refused, null);
              } catch (NeedsUfs needs) {
                return new Outcome<>(null, null, needs);
              }
            });
    if (outcome.refused != null) {
      throw outcome.refused;
    }
    if (outcome.needs != null) {
      throw outcome.needs;
    }
    return outcome.value;
  }

  /**
   * Either what was found, or what must be loaded first; carries the latter out of the snapshot.
   */
  private record Attempt(Found found, NeedsUfs needs) {}

  /**
   * Answers a query, all but {@code WaitJobs}.
   *
   * @throws NeedsUfs where names must be loaded first
   */
  public Found find(Query query) throws NeedsUfs {
    return find(query, Bounds.NONE);
  }

  /**
   * The same within bounds.
   *
   * @return null where the answer would go past them
   */
  public Found find(Query query, Bounds bounds) throws NeedsUfs {
    Attempt attempt =
        scans(query)
            ? store.read(state -> attempt(query, state, bounds))
            : store.readNow(state -> attempt(query, state, bounds));
    if (attempt.needs != null) {
      throw attempt.needs;
    }
    return attempt.found;
  }

  private Attempt attempt(Query query, StateView state, Bounds bounds) {
    QueryResult.Builder result = QueryResult.newBuilder().setOffset(state.meta().nextOffset());
    try {
      return new Attempt(
          answer(query, state, result, bounds) ? new Found(result.build(), null) : null, null);
    } catch (Refused refused) {
      return new Attempt(new Found(result.build(), refused), null);
    } catch (NeedsUfs needs) {
      return new Attempt(null, needs);
    }
  }

  /** Whether the query reads so long that entries would overtake it: it is given a snapshot. */
  private static boolean scans(Query query) {
    return switch (query.getQueryCase()) {
      case LIST_DIRECTORY, GET_CONTENT_SUMMARY, LIST_XATTRS, LIST_QUOTAS, LIST_POLICIES -> true;
      default -> false;
    };
  }

  /** The committed state holds all events below this, and no other. */
  public long nextOffset() {
    return store.view().meta().nextOffset();
  }

  /** False where that would go past the bounds. */
  private boolean answer(Query query, StateView state, QueryResult.Builder result, Bounds bounds)
      throws Refused, NeedsUfs {
    EntryQueries entries = new EntryQueries(state);
    switch (query.getQueryCase()) {
      case GET_ENTRY -> result.setEntry(entries.get(query.getGetEntry()));
      case LIST_DIRECTORY ->
          result.setDirectoryPage(entries.list(query.getListDirectory(), bounds.partly()));
      case GET_LAYOUT -> {
        return layout(query.getGetLayout(), state, result, bounds.blocks());
      }
      case GET_XATTR -> result.setXattr(entries.xattr(query.getGetXattr()));
      case LIST_XATTRS -> result.setXattrNames(entries.xattrs(query.getListXattrs().getAt()));
      case GET_CONTENT_SUMMARY ->
          result.setContentSummary(entries.summary(query.getGetContentSummary().getAt()));
      case GET_CLUSTER_STATUS -> result.setClusterStatus(status(state));
      case LIST_MOUNTS -> result.setMounts(masked(state));
      case GET_STAT_FS -> result.setStatFs(statFs(query.getGetStatFs(), state));
      case LIST_QUOTAS -> result.setQuotas(new QuotaQueries(state).list(query.getListQuotas()));
      case LIST_POLICIES -> result.setPolicies(PolicyQueries.list(query.getListPolicies(), state));
      case BATCH_GET_ENTRY ->
          result.setEntryBatch(
              new BatchQueries(state, bounds.unloadable()).entries(query.getBatchGetEntry()));
      case LOOKUP_PATH -> result.setPathEntries(entries.lookup(query.getLookupPath()));
      case LIST_JOBS -> result.setJobs(JobQueries.list(query.getListJobs(), state));
      case WAIT_JOBS, QUERY_NOT_SET ->
          throw new Refused(
              ErrorCode.UNSUPPORTED, "the query is of a kind that this master does not know");
    }
    return true;
  }

  private boolean layout(
      GetLayout query, StateView state, QueryResult.Builder result, int blocksMax)
      throws Refused, NeedsUfs {
    Inode file = state.resolver().entry(query.getAt(), true);
    switch (file.getType()) {
      case DIRECTORY -> throw new Refused(ErrorCode.IS_A_DIRECTORY, "a directory has no blocks");
      case FILE -> {}
      case SPECIAL ->
          throw new Refused(ErrorCode.INVALID_ARGUMENT, "a special file has no content");
      default -> throw new Refused(ErrorCode.INVALID_ARGUMENT, "not a regular file");
    }
    if (query.getOffsetBytes() < 0 || query.getLengthBytes() < 0) {
      throw new Refused(ErrorCode.INVALID_ARGUMENT, "offset and length; allowed: from 0");
    }
    long offset = query.getOffsetBytes();
    long length = query.getLengthBytes();
    if (Layouts.blocks(file, offset, length) > blocksMax) {
      return false;
    }
    result.setLayout(new Layouts(state, workers).of(file, offset, length, query.getClient()));
    return true;
  }

  private ClusterStatus status(StateView state) {
    return ClusterStatus.newBuilder()
        .setClusterId(state.meta().clusterId())
        .addAllWorkers(workers.statuses(state.workers().all()))
        .setNextOffset(state.meta().nextOffset())
        .setInodes(state.meta().get(Counter.INODE_COUNT))
        .setPendingJobs(state.meta().get(Counter.JOB_COUNT))
        .build();
  }

  private MountList masked(StateView state) {
    MountList.Builder list = MountList.newBuilder();
    for (Mount mount : state.mounts().all()) {
      list.addMounts(MountSecrets.masked(mount, secretOption));
    }
    return list.build();
  }

  private StatFs statFs(GetStatFs query, StateView state) throws Refused, NeedsUfs {
    StatFs cluster = clusterStatFs(state);
    return query.hasAt() && state.quotas().any()
        ? new QuotaQueries(state).statFs(query.getAt(), cluster)
        : cluster;
  }

  private StatFs clusterStatFs(StateView state) {
    return StatFs.newBuilder()
        .setCapacityBytes(workers.capacityBytes())
        .setUsedBytes(workers.usedBytes())
        .setInodes(state.meta().get(Counter.INODE_COUNT))
        .setBlockSizeBytes(Limits.BLOCK_SIZE_DEFAULT_BYTES)
        .build();
  }

  /** The mount table as workers need it. */
  public List<Mount> mountsWithSecrets() {
    return storedMounts().stream().map(opener).toList();
  }

  /** The mount table as it is stored, with its secrets sealed. */
  public List<Mount> storedMounts() {
    return store.read(state -> state.mounts().all());
  }

  /** The mounts that bound how long ago a comparison with the UFS may be. */
  public List<Mount> boundedMounts() {
    return store.read(state -> state.mounts().all().stream().filter(UfsUses::bounds).toList());
  }

  /** What a query uses of such mounts. */
  public UfsUses ufsUses(Query query) {
    return store.read(state -> UfsUses.of(query, state));
  }

  /** Grows with each change of the mount table. */
  public long mountsVersion() {
    return store.view().meta().get(Counter.MOUNTS_VERSION);
  }

  /** For each block whether the namespace names it, in the order asked. */
  public List<BlockVerdict> verdicts(List<BlockId> blocks, int worker) {
    return checkBlocks(blocks, worker).getVerdictsList();
  }

  /** The same, with what policies say of each; without the offset. */
  public CheckBlocksReply.Builder checkBlocks(List<BlockId> blocks, int worker) {
    return store.read(state -> new BlockChecks(state, workers).check(blocks, worker));
  }

  /** Some of the blocks that only workers have, in order; at most so many are looked at. */
  public WrittenBlocks.Piece writtenBlocks(long fromInode, int fromIndex, int lookedAtMax) {
    return store.read(state -> WrittenBlocks.find(state, fromInode, fromIndex, lookedAtMax));
  }

  /** The block, where only workers have it. */
  public Optional<WrittenBlocks.WrittenBlock> writtenBlock(BlockId id) {
    return store.read(state -> WrittenBlocks.find(state, id));
  }

  /** The whole layout of a file; empty where it is gone. */
  public Optional<FileLayout> layoutOf(long inode, Place client) {
    return store.read(
        state -> {
          Inode file = state.namespace().find(inode);
          return file == null
              ? Optional.empty()
              : Optional.of(new Layouts(state, workers).of(file, 0, 0, client));
        });
  }

  /** For each part the layout of its blocks; without an inode where the file is gone. */
  public List<FileLayout> layoutsOf(List<JobPart> parts, Place client) {
    return store.read(
        state -> {
          Layouts layouts = new Layouts(state, workers);
          return parts.stream()
              .map(
                  part -> {
                    Inode file = state.namespace().find(part.getInode());
                    return file == null
                        ? FileLayout.getDefaultInstance()
                        : layouts.of(
                            file,
                            (long) part.getFirstBlock() * file.getBlockSizeBytes(),
                            (long) part.getBlocks() * file.getBlockSizeBytes(),
                            client);
                  })
              .toList();
        });
  }

  /** How a job stands; one that is neither unfinished nor known to have failed has succeeded. */
  public JobState jobState(long jobId) {
    return store.read(state -> JobQueries.state(jobId, state));
  }

  /**
   * The version of the object that the UFS should have of the job's file; empty text: there should
   * be none; empty: not known.
   */
  public Optional<String> knownVersion(Job job) {
    return store.read(state -> JobQueries.knownVersion(job, state));
  }

  /**
   * Jobs that can begin: not behind an earlier one on an overlapping path, by id.
   *
   * @param skip those that someone is at already
   */
  public List<Job> runnableJobs(int limit, Predicate<Job> skip) {
    return store.read(
        state -> jobs(state, limit, job -> !skip.test(job) && !state.jobs().isBehindAnother(job)));
  }

  /**
   * The first unfinished jobs, by id.
   *
   * @param mountId whose; 0: of all mounts
   */
  public List<Job> unfinishedJobs(int limit, int mountId) {
    return store.read(
        state -> jobs(state, limit, job -> mountId == 0 || job.getMountId() == mountId));
  }

  /** Begins past the jobs that are finished, so as not to scan over what was deleted. */
  private List<Job> jobs(StateView state, int limit, Predicate<Job> wanted) {
    List<Job> found = new ArrayList<>();
    AtomicLong first = new AtomicLong(state.meta().get(Counter.LAST_JOB) + 1);
    state
        .jobs()
        .scan(
            firstUnfinishedJob.get(),
            job -> {
              first.accumulateAndGet(job.getId(), Math::min);
              if (wanted.test(job)) {
                found.add(job);
              }
              return found.size() < limit;
            });
    firstUnfinishedJob.accumulateAndGet(first.get(), Math::max);
    return found;
  }

  /** Directories under cache-mode mounts whose names were loaded, by inode. */
  public List<Long> loadedDirectories(long afterInode, int limit) {
    return store.read(
        state -> state.namespace().loaded(afterInode, limit, id -> isCached(state, id)));
  }

  private static boolean isCached(StateView state, long id) {
    Inode directory = state.namespace().find(id);
    Mount mount = directory == null ? null : state.mounts().find(directory.getMountId());
    return mount != null && mount.getMode() == MountMode.CACHE;
  }

  /** Where an inode's primary name is in its UFS; empty where it is gone or under no mount. */
  public Optional<UfsLocation> ufsLocation(long inode) {
    return ufsLocation(inode, (found, mount, state) -> state.mounts().ufsPath(mount, found));
  }

  /**
   * The same, as it is at the UFS now, while renames of it or above it are on their way there: what
   * is at its future place may be another's until then.
   */
  public Optional<UfsLocation> presentUfsLocation(long inode) {
    return ufsLocation(inode, PresentObject::path);
  }

  /** Gives the path at the UFS of a mount. */
  @FunctionalInterface
  private interface UfsPath {
    ByteString of(Inode inode, Mount mount, StateView state);
  }

  private Optional<UfsLocation> ufsLocation(long inode, UfsPath path) {
    return store.read(
        state -> {
          Inode found = state.namespace().find(inode);
          Mount mount = found == null ? null : state.mounts().find(found.getMountId());
          return mount == null || isDetached(found, state)
              ? Optional.empty()
              : Optional.of(
                  new UfsLocation(
                      opener.apply(mount), path.of(found, mount, state).toStringUtf8()));
        });
  }

  /** Whether it is in a tree that was deleted, what is above it may be gone then. */
  private static boolean isDetached(Inode inode, StateView state) {
    long directory = NamespaceView.isDirectory(inode) ? inode.getId() : inode.getParent();
    return state.isDetached(directory);
  }

  /** The inode, where it is. */
  public Optional<Inode> inode(long id) {
    return Optional.ofNullable(store.view().namespace().find(id));
  }

  /** The inode that an entry names. */
  public Inode resolve(EntryRef at) throws Refused, NeedsUfs {
    return read(state -> state.resolver().entry(at, true));
  }

  /** Whether a tree that was deleted as a whole has content left. */
  public boolean reapPending() {
    return store.view().reap().count() > 0;
  }

  public List<Long> sessions() {
    return store.read(state -> state.sessions().all());
  }

  /** Whether a worker has registered, and was not forgotten. */
  public boolean knowsWorker(int id) {
    return store.read(state -> state.workers().find(id) != null);
  }

  /** Whether a worker is drained. */
  public boolean isLeaving(int id) {
    WorkerRecord worker = store.view().workers().find(id);
    return worker != null && worker.getLeaving();
  }

  public List<WorkerRecord> workers() {
    return store.read(state -> state.workers().all());
  }
}
