/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.BatchGetEntry;
import io.curvine.protocol.proto.CancelJob;
import io.curvine.protocol.proto.CheckUfs;
import io.curvine.protocol.proto.ClearQuota;
import io.curvine.protocol.proto.ClusterStatus;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ContentSummary;
import io.curvine.protocol.proto.CreateHardLink;
import io.curvine.protocol.proto.CreateSymlink;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryOutcome;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ExchangeEntries;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.GetClusterStatus;
import io.curvine.protocol.proto.GetContentSummary;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.GetStatFs;
import io.curvine.protocol.proto.GetXattr;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.JobList;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.ListJobs;
import io.curvine.protocol.proto.ListMounts;
import io.curvine.protocol.proto.ListPolicies;
import io.curvine.protocol.proto.ListQuotas;
import io.curvine.protocol.proto.ListXattrs;
import io.curvine.protocol.proto.LookupPath;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MakeSpecial;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.PolicyList;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.proto.QuotaOfPath;
import io.curvine.protocol.proto.RemoveXattr;
import io.curvine.protocol.proto.RenameEntry;
import io.curvine.protocol.proto.RetryJob;
import io.curvine.protocol.proto.SetPolicy;
import io.curvine.protocol.proto.SetQuota;
import io.curvine.protocol.proto.SetXattr;
import io.curvine.protocol.proto.StartTreeJob;
import io.curvine.protocol.proto.StatFs;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TruncateFile;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.protocol.proto.UnmountUfs;
import io.curvine.protocol.proto.UpdateMount;
import io.curvine.protocol.proto.WantLease;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The tree of names, as one user sees and changes it. Thread-safe.
 *
 * <p>A change is durable on a majority of the masters when its method returns, and under a
 * write-through mount the UFS has it. Everything throws {@link CurvineException} where the masters
 * refuse, with the code; UFS_ERROR where the change is done and the UFS did not follow; NOT_READY
 * or UNKNOWN_OUTCOME where no master could answer in time.
 */
public final class Namespace {
  private static final Duration CHECK_WAIT = Duration.ofMinutes(2);

  private final MasterCalls masters;
  private final Jobs jobs;
  private final Principal principal;
  private final Place place;
  private final ClientConfig config;
  private final Reader reader;

  /** Answers queries. */
  @FunctionalInterface
  interface Reader {
    QueryResult read(Query query) throws IOException;
  }

  Namespace(MasterCalls masters, Jobs jobs, Principal principal, Place place, ClientConfig config) {
    this(masters, jobs, principal, place, config, null);
  }

  private Namespace(
      MasterCalls masters,
      Jobs jobs,
      Principal principal,
      Place place,
      ClientConfig config,
      Reader past) {
    this.masters = masters;
    this.jobs = jobs;
    this.principal = principal;
    this.place = place;
    this.config = config;
    this.reader = past;
  }

  /** The tree as it was: what changes it, and asks the cluster of today, is refused. */
  Namespace past(Reader answers) {
    return new Namespace(masters, jobs, principal, place, config, answers);
  }

  /** Whether it is the tree as it was. */
  boolean isPast() {
    return reader != null;
  }

  private void requireNow() {
    if (isPast()) {
      throw new IllegalStateException("many calls at a time are for the tree of today");
    }
  }

  private MasterCalls now() throws CurvineException {
    if (isPast()) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED, "the past cannot be changed; allowed: to look at it");
    }
    return masters;
  }

  // --- looking ---

  /** The entry, with its path; a final symbolic link is followed where {@code follow}. */
  public Entry get(EntryRef at, boolean follow) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder()
            .setGetEntry(GetEntry.newBuilder().setAt(at).setFollow(follow).setWithPath(true)))
        .getEntry();
  }

  /** The inode alone: what costs least. */
  public Inode inode(EntryRef at, boolean follow) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(at).setFollow(follow)))
        .getEntry()
        .getInode();
  }

  /**
   * Up to 1000 entries from one state, without paths, in the order asked. What is wrong with one is
   * its own outcome: NOT_FOUND, for example.
   */
  public List<EntryOutcome> stat(List<EntryRef> at, boolean follow) throws IOException {
    Checks.range("count of entries", at.size(), 1, Limits.BATCH_GET_MAX_ENTRIES);
    for (EntryRef each : at) {
      Checks.entry("entry", each);
    }
    return read(Query.newBuilder()
            .setBatchGetEntry(BatchGetEntry.newBuilder().addAllAt(at).setFollow(follow)))
        .getEntryBatch()
        .getOutcomesList();
  }

  /**
   * The entry with every directory above it, from the root down, in one request; without paths.
   * Where symbolic links were followed these are the directories where they led.
   */
  public List<Entry> lookupPath(EntryRef at, boolean follow) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder()
            .setLookupPath(LookupPath.newBuilder().setAt(at).setFollow(follow)))
        .getPathEntries()
        .getEntriesList();
  }

  /** The same as {@link #get}, empty where it does not exist. */
  public Optional<Entry> find(EntryRef at, boolean follow) throws IOException {
    try {
      return Optional.of(get(at, follow));
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Entries after a name, ascending by name as bytes.
   *
   * @param after exclusive; empty: from the first
   * @param limit 1 to 10000
   */
  public DirectoryPage list(EntryRef at, ByteString after, int limit) throws IOException {
    Checks.entry("directory", at);
    Checks.range("limit", limit, 1, Limits.LIST_PAGE_MAX_ENTRIES);
    return read(Query.newBuilder()
            .setListDirectory(ListDirectory.newBuilder().setAt(at).setAfter(after).setLimit(limit)))
        .getDirectoryPage();
  }

  /**
   * All entries, fetched a page at a time while they are gone through; entries that appear or
   * vanish meanwhile may be seen or not. Its iterators throw {@link java.io.UncheckedIOException};
   * what is wrong from the start is thrown here.
   */
  public Iterable<Entry> entries(EntryRef at) throws IOException {
    DirectoryEntries first = new DirectoryEntries(this, at);
    return new Iterable<>() {
      private DirectoryEntries unused = first;

      @Override
      public Iterator<Entry> iterator() {
        DirectoryEntries given = unused;
        unused = null;
        try {
          return given != null ? given : new DirectoryEntries(Namespace.this, at);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    };
  }

  /**
   * What a reader of {@code [offset, offset + length)} needs.
   *
   * @param length 0: to the end
   */
  public FileLayout layout(EntryRef at, long offset, long length) throws IOException {
    return layout(at, offset, length, false);
  }

  FileLayout layout(EntryRef at, long offset, long length, boolean refresh) throws IOException {
    Checks.entry("file", at);
    Checks.range("offset", offset, 0, Long.MAX_VALUE);
    Checks.range("length", length, 0, Long.MAX_VALUE);
    return read(Query.newBuilder()
            .setGetLayout(
                GetLayout.newBuilder()
                    .setAt(at)
                    .setOffsetBytes(offset)
                    .setLengthBytes(length)
                    .setClient(place)
                    .setRefresh(refresh)))
        .getLayout();
  }

  /** Counts of everything below, or of the one entry. */
  public ContentSummary summary(EntryRef at) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder().setGetContentSummary(GetContentSummary.newBuilder().setAt(at)))
        .getContentSummary();
  }

  /** The whole cluster's capacity and use. */
  public StatFs statFs() throws IOException {
    return read(Query.newBuilder().setGetStatFs(GetStatFs.getDefaultInstance())).getStatFs();
  }

  /** What an entry's directory can hold and holds: as its quotas say, or the whole cluster. */
  public StatFs statFs(EntryRef at) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder().setGetStatFs(GetStatFs.newBuilder().setAt(at))).getStatFs();
  }

  /**
   * What entries say of how they and what is below them are treated: the entry and those above it,
   * and what holds for it.
   *
   * @param below those below it too
   */
  public PolicyList policies(EntryRef at, boolean below) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder()
            .setListPolicies(ListPolicies.newBuilder().setAt(at).setBelow(below)))
        .getPolicies();
  }

  /** Every quota, by path. */
  public List<QuotaOfPath> quotas() throws IOException {
    return quotas(ListQuotas.getDefaultInstance());
  }

  /** Quotas of a directory, of those above that limit it, and of those below, by path. */
  public List<QuotaOfPath> quotas(EntryRef at) throws IOException {
    Checks.entry("directory", at);
    return quotas(ListQuotas.newBuilder().setAt(at).build());
  }

  private List<QuotaOfPath> quotas(ListQuotas which) throws IOException {
    return read(Query.newBuilder().setListQuotas(which)).getQuotas().getQuotasList();
  }

  /** Masters and workers as the leader sees them. */
  public ClusterStatus status() throws IOException {
    return now()
        .query(
            Query.newBuilder()
                .setPrincipal(principal)
                .setGetClusterStatus(GetClusterStatus.getDefaultInstance())
                .build())
        .getClusterStatus();
  }

  // --- changing ---

  /**
   * Makes a directory.
   *
   * @param parents make what is missing on the way too, and accept one that exists (paths only)
   */
  public Inode mkdir(EntryRef at, int mode, boolean parents) throws IOException {
    Checks.newEntry("directory", at);
    Checks.mode(mode);
    Checks.parents(at, parents);
    return change(
            Command.newBuilder()
                .setMakeDirectory(
                    MakeDirectory.newBuilder().setAt(at).setMode(mode).setParents(parents)))
        .getInode();
  }

  /** Renames, in one step; an existing target is replaced unless {@code noReplace}. */
  public Inode rename(EntryRef from, EntryRef to, boolean noReplace) throws IOException {
    Checks.newEntry("source", from);
    Checks.newEntry("target", to);
    return change(
            Command.newBuilder()
                .setRenameEntry(
                    RenameEntry.newBuilder().setFrom(from).setTo(to).setNoReplace(noReplace)))
        .getInode();
  }

  /**
   * Gives each of two names what the other one has, in one step; nothing happens where both are
   * names of one file.
   *
   * @return what the first name had, as it is now
   * @throws CurvineException NOT_FOUND where one of them is not there; INVALID_ARGUMENT where one
   *     lies below the other; CROSS_MOUNT where they are under two mounts
   */
  public Inode exchange(EntryRef first, EntryRef second) throws IOException {
    Checks.newEntry("first entry", first);
    Checks.newEntry("second entry", second);
    return change(
            Command.newBuilder()
                .setExchangeEntries(ExchangeEntries.newBuilder().setFirst(first).setSecond(second)))
        .getInode();
  }

  /**
   * Deletes.
   *
   * @param mustBe FILE: anything but a directory; DIRECTORY: a directory; unspecified: any
   * @param recursive a directory with all below, at once
   */
  public void delete(EntryRef at, InodeType mustBe, boolean recursive) throws IOException {
    delete(at, mustBe, recursive, false);
  }

  /**
   * Deletes, for real or as the policy of its directory says.
   *
   * @param mustBe FILE: anything but a directory; DIRECTORY: a directory; unspecified: any
   * @param recursive a directory with all below, at once
   * @param skipTrash nothing is kept
   */
  public void delete(EntryRef at, InodeType mustBe, boolean recursive, boolean skipTrash)
      throws IOException {
    Checks.newEntry("entry", at);
    change(
        Command.newBuilder()
            .setDeleteEntry(
                DeleteEntry.newBuilder()
                    .setAt(at)
                    .setMustBe(mustBe)
                    .setRecursive(recursive)
                    .setSkipTrash(skipTrash)));
  }

  /** Sets what the change names. */
  public Inode setAttributes(EntryRef at, AttributeChange change) throws IOException {
    Checks.entry("entry", at);
    if (change.toProto().hasMode()) {
      Checks.mode(change.toProto().getMode());
    }
    if (change.isEmpty()) {
      return get(at, true).getInode();
    }
    return change(Command.newBuilder().setSetAttributes(change.toProto().toBuilder().setAt(at)))
        .getInode();
  }

  /** Sets an extended attribute of up to 64 KiB. */
  public void setXattr(EntryRef at, ByteString name, ByteString value, XattrMode mode)
      throws IOException {
    Checks.entry("entry", at);
    Checks.xattrName(name);
    Checks.range("size of the attribute", value.size(), 0, Limits.XATTR_VALUE_MAX_BYTES);
    change(
        Command.newBuilder()
            .setSetXattr(
                SetXattr.newBuilder()
                    .setAt(at)
                    .setName(name)
                    .setValue(value)
                    .setCreate(mode == XattrMode.CREATE)
                    .setReplace(mode == XattrMode.REPLACE)));
  }

  /** The value; NO_SUCH_ATTRIBUTE where there is none. */
  public ByteString getXattr(EntryRef at, ByteString name) throws IOException {
    Checks.entry("entry", at);
    Checks.xattrName(name);
    return read(Query.newBuilder().setGetXattr(GetXattr.newBuilder().setAt(at).setName(name)))
        .getXattr()
        .getValue();
  }

  public List<ByteString> listXattrs(EntryRef at) throws IOException {
    Checks.entry("entry", at);
    return read(Query.newBuilder().setListXattrs(ListXattrs.newBuilder().setAt(at)))
        .getXattrNames()
        .getNamesList();
  }

  /** Removes it; NO_SUCH_ATTRIBUTE where there is none. */
  public void removeXattr(EntryRef at, ByteString name) throws IOException {
    Checks.entry("entry", at);
    Checks.xattrName(name);
    change(Command.newBuilder().setRemoveXattr(RemoveXattr.newBuilder().setAt(at).setName(name)));
  }

  /** Cuts a file, or extends it with zeros; FILE_BUSY while another client writes it. */
  public Inode truncate(EntryRef at, long length) throws IOException {
    Checks.entry("file", at);
    Checks.range("length", length, 0, Long.MAX_VALUE);
    return change(
            Command.newBuilder()
                .setTruncateFile(TruncateFile.newBuilder().setAt(at).setLengthBytes(length)))
        .getInode();
  }

  /** Asks the client that writes a file to give it back; nothing happens where there is none. */
  void wantLease(EntryRef at) throws IOException {
    var unused = change(Command.newBuilder().setWantLease(WantLease.newBuilder().setAt(at)));
  }

  /** Makes a symbolic link to a target of 1 to 4095 bytes, which need not exist. */
  public Inode symlink(EntryRef at, ByteString target) throws IOException {
    Checks.newEntry("link", at);
    Checks.range("size of the target", target.size(), 1, Limits.SYMLINK_TARGET_MAX_BYTES);
    return change(
            Command.newBuilder()
                .setCreateSymlink(CreateSymlink.newBuilder().setAt(at).setTarget(target)))
        .getInode();
  }

  /**
   * Makes a fifo, a socket or a device, which is a name and no more to anything but a kernel. A
   * device is the superuser's right.
   *
   * @param device which one, as {@code Inode.device} has it; 0 for what is no device
   */
  public Inode makeSpecial(EntryRef at, SpecialType type, int mode, int device) throws IOException {
    Checks.newEntry("special file", at);
    Checks.mode(mode);
    return change(
            Command.newBuilder()
                .setMakeSpecial(
                    MakeSpecial.newBuilder()
                        .setAt(at)
                        .setMode(mode)
                        .setSpecialType(type.bits())
                        .setDevice(device)))
        .getInode();
  }

  /** Gives a file one more name. */
  public Inode hardLink(EntryRef existing, EntryRef at) throws IOException {
    Checks.entry("existing entry", existing);
    Checks.newEntry("link", at);
    return change(
            Command.newBuilder()
                .setCreateHardLink(CreateHardLink.newBuilder().setExisting(existing).setAt(at)))
        .getInode();
  }

  // --- mounts and jobs ---

  /** Mounts a UFS location, given without id and root inode; the masters look at it first. */
  public Mount mount(Mount mount) throws IOException {
    return mount(mount, Policy.getDefaultInstance());
  }

  /** The same, with what holds for all below it. */
  public Mount mount(Mount mount, Policy policy) throws IOException {
    Checks.path("mount point", ByteString.copyFromUtf8(mount.getPath()));
    if (mount.getUri().isEmpty()) {
      throw Checks.invalid("uri is empty; allowed: as file:///dir or s3://bucket/prefix");
    }
    Checks.blockSize(Integer.toUnsignedLong(mount.getBlockSizeBytes()));
    Checks.range("replicas", mount.getReplicas(), 0, Limits.REPLICAS_MAX);
    return change(
            Command.newBuilder()
                .setMountUfs(MountUfs.newBuilder().setMount(mount).setPolicy(policy)))
        .getMount();
  }

  /**
   * Has the leader try a location as a mount of it would use it, for which it has two minutes more
   * than for other questions. Whatever is written there is deleted again.
   *
   * @param mount as for {@link #mount}, without a path
   * @return a finding for each access, in the order in which they were tried
   */
  public List<UfsFinding> checkUfs(Mount mount) throws IOException {
    return now()
        .checkUfs(CheckUfs.newBuilder().setMount(mount).build(), CHECK_WAIT)
        .getFindingsList();
  }

  /**
   * Changes settings of a mount; the masters reach the UFS first where its options change. Secrets
   * that the change does not name stay.
   *
   * @return the mount as it is now, without its options
   */
  public Mount updateMount(String path, MountChange change) throws IOException {
    ByteString bytes = ByteString.copyFromUtf8(path);
    Checks.path("mount point", bytes);
    Checks.blockSize(Integer.toUnsignedLong(change.getBlockSizeBytes()));
    Checks.range("replicas", change.getReplicas(), 0, Limits.REPLICAS_MAX);
    return change(
            Command.newBuilder()
                .setUpdateMount(UpdateMount.newBuilder().setPath(bytes).setChange(change)))
        .getMount();
  }

  /**
   * Changes what a directory or a file says itself of how it and what is below it are treated. The
   * right of its owner and of the superuser.
   */
  public void setPolicy(EntryRef at, PolicyChange change) throws IOException {
    Checks.entry("entry", at);
    change(Command.newBuilder().setSetPolicy(SetPolicy.newBuilder().setAt(at).setChange(change)));
  }

  /**
   * Limits what lies below a directory, at any depth. The superuser's right.
   *
   * @param maxBytes of files' lengths; 0: no limit; null: as it is
   * @param maxInodes files, directories, symbolic links and special files; 0: no limit; null: as it
   *     is
   */
  public void setQuota(EntryRef directory, Long maxBytes, Long maxInodes) throws IOException {
    Checks.entry("directory", directory);
    SetQuota.Builder set = SetQuota.newBuilder().setAt(directory);
    if (maxBytes != null) {
      Checks.range("bytes", maxBytes, 0, Long.MAX_VALUE);
      set.setMaxBytes(maxBytes);
    }
    if (maxInodes != null) {
      Checks.range("inodes", maxInodes, 0, Long.MAX_VALUE);
      set.setMaxInodes(maxInodes);
    }
    change(Command.newBuilder().setSetQuota(set));
  }

  /** Takes a directory's own quota away. The superuser's right. */
  public void clearQuota(EntryRef directory) throws IOException {
    Checks.entry("directory", directory);
    change(Command.newBuilder().setClearQuota(ClearQuota.newBuilder().setAt(directory)));
  }

  /** Takes the mount away; the UFS keeps what it has. */
  public void unmount(String path) throws IOException {
    ByteString bytes = ByteString.copyFromUtf8(path);
    Checks.path("mount point", bytes);
    change(Command.newBuilder().setUnmountUfs(UnmountUfs.newBuilder().setPath(bytes)));
  }

  /** Every mount; secrets are masked. */
  public List<Mount> mounts() throws IOException {
    return read(Query.newBuilder().setListMounts(ListMounts.getDefaultInstance()))
        .getMounts()
        .getMountsList();
  }

  /**
   * Begins work on a file, or on all files below a directory. It is in the journal, and goes on
   * whatever becomes of this client.
   *
   * @param replicas LOAD: workers that each get a copy; else 0
   * @param tier LOAD: where blocks go if there is room; else unspecified
   * @return the job, see {@link #jobs}
   */
  public long startJob(TreeJobKind kind, EntryRef at, int replicas, TierKind tier)
      throws IOException {
    Checks.entry("at", at);
    Checks.range("replicas", replicas, 0, Limits.REPLICAS_MAX);
    return command(
            Command.newBuilder()
                .setStartTreeJob(
                    StartTreeJob.newBuilder()
                        .setKind(kind)
                        .setAt(at)
                        .setReplicas(replicas)
                        .setTier(tier)))
        .getJobIds(0);
  }

  /**
   * Ends the job of a tree, whose parts that are under way go on to their end, or gives up a change
   * that its UFS refused for good.
   */
  public void cancelJob(long job) throws IOException {
    var unused = command(Command.newBuilder().setCancelJob(CancelJob.newBuilder().setJobId(job)));
  }

  /** Does again what a job that has ended, or failed for good, did not do. */
  public void retryJob(long job) throws IOException {
    var unused = command(Command.newBuilder().setRetryJob(RetryJob.newBuilder().setJobId(job)));
  }

  /**
   * Some jobs of a list.
   *
   * @param after ids above it; of trees those below it, and 0 for the newest
   * @param limit at most so many, up to 10,000
   */
  public List<JobState> listJobs(JobList list, long after, int limit) throws IOException {
    Checks.range("limit", limit, 1, 10_000);
    return read(Query.newBuilder()
            .setListJobs(ListJobs.newBuilder().setList(list).setAfter(after).setLimit(limit)))
        .getJobs()
        .getJobsList();
  }

  /** The states of jobs when all are finished, or after {@code wait}, at most 30 s. */
  public List<JobState> jobs(List<Long> ids, Duration wait) throws IOException {
    return jobs.states(ids, wait);
  }

  /** Every unfinished job. */
  public List<JobState> pendingJobs() throws IOException {
    return jobs.pending(0);
  }

  /** The unfinished jobs of one mount, by id; at most 10,000. */
  public List<JobState> pendingJobs(int mountId) throws IOException {
    Checks.range("mount id", mountId, 1, Integer.MAX_VALUE);
    return jobs.pending(mountId);
  }

  // --- many calls at a time ---

  /**
   * Carries out a command as this user, without a thread that waits: for programs that keep many
   * calls open. Retried over failovers as everything else is, and done once. Its fields are checked
   * by the masters only. Under a write-through mount the UFS follows later, see {@link #jobs}.
   *
   * <p>Ends exceptionally with what the other methods throw. What is chained to it runs on the
   * client's event loop and must not block.
   *
   * @param command without session and number
   */
  public CompletableFuture<CommandResult> submit(Command.Builder command) {
    requireNow();
    return masters.submit(command.setPrincipal(principal).build());
  }

  /** A list of changes, to be filled and sent in few requests. */
  public Batch batch() {
    requireNow();
    return new Batch(new BatchCalls(masters, jobs, principal), config);
  }

  /** Asks the leader in the same way. */
  public CompletableFuture<QueryResult> ask(Query.Builder query) {
    requireNow();
    return masters.ask(query.setPrincipal(principal).build(), Duration.ZERO);
  }

  // --- for files ---

  /** Carries it out as this user, without waiting for jobs. */
  CommandResult command(Command.Builder command) throws IOException {
    return now().command(command.setPrincipal(principal).build());
  }

  /** The same under a number that was taken for it. */
  CommandResult command(Command.Builder command, MasterCalls.Turn number) throws IOException {
    return now().command(command.setPrincipal(principal).build(), number);
  }

  /** Carries it out as this user, and waits for what the UFS has to do. */
  CommandResult change(Command.Builder command) throws IOException {
    return jobs.await(command(command));
  }

  /** Until the UFS has what a command caused. */
  void awaitJobs(CommandResult result) throws IOException {
    jobs.await(result);
  }

  Place place() {
    return place;
  }

  Principal principal() {
    return principal;
  }

  private QueryResult read(Query.Builder query) throws IOException {
    Query asked = query.setPrincipal(principal).build();
    return isPast() ? reader.read(asked) : masters.read(asked);
  }
}
