/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.master.jobs.TreeWalk.Step;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.StateView;
import io.curvine.master.state.view.TimeToLive;
import io.curvine.master.store.StateStore;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ExpireFiles;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.TtlAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds files past their time to live while this master leads, and has them deleted or their cached
 * copies dropped. Walks the trees whose policies say so, a bounded step at a time, one tree after
 * the other. Where it is, and since when a file is cached, is in memory: a new leader begins anew.
 * Owned by one thread that calls {@link #tick} now and then; the counts can be read by any.
 */
public final class TtlSweeper {
  private static final Logger LOG = LoggerFactory.getLogger(TtlSweeper.class);

  /** Names that a tick looks at. */
  public static final int TICK_ENTRIES = 2_000;

  private static final int DELETES_AT_ONCE = 200;
  private static final int PARTS_MAX = 256;

  /** While so many jobs are open, others have their turn first. */
  private static final long OPEN_JOBS_MAX = 10_000;

  /** Of which it is remembered since when they are cached: at 48 bytes or so each. */
  private static final int REMEMBERED_MAX = 8_000_000;

  private static final long ROOTS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Whom the journal names. */
  private static final Principal TTL = Principal.newBuilder().setUser("ttl").build();

  private final Supplier<StateStore> state;
  private final WorkerRegistry workers;
  private final LongFunction<CompletableFuture<Void>> names;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final LongSupplier clockNanos;
  private final int tickEntries;
  private final LongAdder freed = new LongAdder();
  private final LongAdder deleted = new LongAdder();

  /** In the order of their turns. */
  private final Map<Long, TtlPass> passes = new LinkedHashMap<>();

  /** Whether further files may be remembered; looked at before each step. */
  private boolean room = true;

  private TtlRoots roots = new TtlRoots(Map.of());
  private Optional<Long> rootsNanos = Optional.empty();

  /** What a step found: files to delete, and files to free by the worker that has some of them. */
  private record Found(Step step, List<Long> delete, List<Long> free, Map<Integer, List<Long>> by) {
    Found(Step step) {
      this(step, new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
    }
  }

  /**
   * Made once.
   *
   * @param names loads a directory's names from its UFS
   * @param clockNanos since the epoch
   * @param tickEntries names that one tick looks at
   */
  public TtlSweeper(
      Supplier<StateStore> state,
      WorkerRegistry workers,
      LongFunction<CompletableFuture<Void>> names,
      PatientProposer proposer,
      BooleanSupplier leading,
      LongSupplier clockNanos,
      int tickEntries) {
    this.state = state;
    this.workers = workers;
    this.names = names;
    this.proposer = proposer;
    this.leading = leading;
    this.clockNanos = clockNanos;
    this.tickEntries = tickEntries;
  }

  /** Files whose cached copies were told to go. */
  public long freed() {
    return freed.sum();
  }

  /** Files that were deleted. */
  public long deleted() {
    return deleted.sum();
  }

  /** Takes the steps that can be taken now. */
  public void tick() {
    if (!leading.getAsBoolean() || !state.get().view().policies().any()) {
      passes.clear();
      rootsNanos = Optional.empty();
      return;
    }
    long now = clockNanos.getAsLong();
    findRoots(now);
    int left = tickEntries;
    Optional<TtlPass> due = nextDue(now);
    while (due.isPresent() && left > 0 && leading.getAsBoolean() && hasRoom()) {
      Found found = step(due.get(), left, now);
      boolean toTheLimit = !found.step.walked() && found.step.unloaded().isEmpty();
      left -= toTheLimit ? left : 1 + found.step.files().size();
      due = nextDue(now);
    }
  }

  private void findRoots(long now) {
    if (rootsNanos.isPresent() && now - rootsNanos.get() < ROOTS_NANOS) {
      return;
    }
    rootsNanos = Optional.of(now);
    roots = state.get().read(TtlRoots::find);
    passes.keySet().removeIf(root -> roots.millis().getOrDefault(root, 0L) <= 0);
    roots
        .millis()
        .forEach(
            (root, millis) -> {
              if (millis > 0) {
                passes.computeIfAbsent(root, TtlPass::new);
              }
            });
  }

  /** The next that a step can be taken of; it is the last from now on. */
  private Optional<TtlPass> nextDue(long now) {
    for (TtlPass pass : passes.values()) {
      if (pass.isDue(roots.millis().get(pass.root()), now)) {
        passes.remove(pass.root());
        passes.put(pass.root(), pass);
        return Optional.of(pass);
      }
    }
    return Optional.empty();
  }

  private boolean hasRoom() {
    return state.get().view().meta().get(Counter.JOB_COUNT) < OPEN_JOBS_MAX;
  }

  private Found step(TtlPass pass, int entriesMax, long now) {
    pass.step(now);
    room = passes.values().stream().mapToLong(TtlPass::remembered).sum() < REMEMBERED_MAX;
    Found found = state.get().read(view -> look(pass, view, entriesMax, now));
    if (!found.step.unloaded().isEmpty()) {
      List<Long> unloaded = found.step.unloaded();
      pass.await(unloaded.get(0), names.apply(unloaded.get(0)));
      for (long next : unloaded.subList(1, unloaded.size())) {
        var unused = names.apply(next); // the walk comes there next
      }
    }
    delete(found);
    free(pass, found, now);
    pass.stepped(found.step.walkedTo(), found.step.walked());
    return found;
  }

  private Found look(TtlPass pass, StateView view, int entriesMax, long now) {
    Step step =
        TreeWalk.step(
            pass.root(),
            pass.walkedTo(),
            view,
            directory -> isToBeListed(pass, directory, view),
            directory -> isToBeWalked(directory, view),
            entriesMax);
    Found found = new Found(step);
    Map<Long, Policy> byDirectory = new HashMap<>();
    for (Inode file : step.files()) {
      if (roots.has(file.getId()) && file.getId() != pass.root()) {
        continue; // it is a tree of its own
      }
      Policy policy = policy(file, view, byDirectory);
      if (!TimeToLive.isPast(file, policy, now) || file.hasLease()) {
        continue;
      }
      if (policy.getTtlAction() == TtlAction.TTL_DELETE) {
        found.delete.add(file.getId());
      } else if (policy.getTtlAction() == TtlAction.TTL_FREE) {
        lookAtCopies(pass, file, policy, found, view, now);
      }
    }
    return found;
  }

  /** Not another tree with a time of its own, and not what the trash keeps for its own time. */
  private boolean isToBeWalked(long directory, StateView view) {
    return !roots.has(directory) && !view.mounts().isTrash(view.namespace().require(directory));
  }

  /** Only what is deleted is looked for in a UFS: what was never listed is not cached. */
  private static boolean isToBeListed(TtlPass pass, long directory, StateView view) {
    Policy policy = view.policies().effective(view.namespace().require(directory));
    return policy.getTtlAction() == TtlAction.TTL_DELETE && !pass.passesOver(directory);
  }

  /** What holds for a file: mostly what holds for its directory, which has many. */
  private static Policy policy(Inode file, StateView view, Map<Long, Policy> byDirectory) {
    if (!view.policies().own(file.getId()).equals(Policy.getDefaultInstance())) {
      return view.policies().effective(file);
    }
    return byDirectory.computeIfAbsent(
        file.getParent(), id -> view.policies().effective(view.namespace().require(id)));
  }

  private void lookAtCopies(
      TtlPass pass, Inode file, Policy policy, Found found, StateView view, long now) {
    if (!file.hasUfs() || file.getExportedVersion() < file.getVersion()) {
      return; // no other has it
    }
    List<Integer> holders = List.copyOf(workers.holdersOfAny(blocks(file, view)));
    if (holders.isEmpty()) {
      return;
    }
    if (TimeToLive.isOver(pass.cachedSince(file.getId(), now, room), policy.getTtlMs(), now)) {
      found.free.add(file.getId());
      holders.forEach(
          worker -> found.by.computeIfAbsent(worker, id -> new ArrayList<>()).add(file.getId()));
    }
  }

  private static List<BlockId> blocks(Inode file, StateView view) {
    if (file.getLengthBytes() == 0 || file.getBlockSizeBytes() == 0) {
      return List.of();
    }
    int count = (int) ((file.getLengthBytes() - 1) / file.getBlockSizeBytes() + 1);
    Map<Integer, BlockRecord> records =
        file.getHasBlockRecords() ? view.namespace().blocks(file.getId(), 0, count) : Map.of();
    List<BlockId> blocks = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      BlockRecord record = records.get(index);
      blocks.add(
          BlockId.newBuilder()
              .setInode(file.getId())
              .setVersion(record == null ? file.getBaseVersion() : record.getVersion())
              .setIndex(index)
              .build());
    }
    return blocks;
  }

  private void delete(Found found) {
    for (int from = 0; from < found.delete.size(); from += DELETES_AT_ONCE) {
      int to = Math.min(found.delete.size(), from + DELETES_AT_ONCE);
      propose(ExpireFiles.newBuilder().addAllDeleted(found.delete.subList(from, to)))
          .ifPresent(result -> deleted.add(result.getExpired()));
    }
  }

  private void free(TtlPass pass, Found found, long now) {
    if (found.free.isEmpty()) {
      return;
    }
    ExpireFiles.Builder jobs = ExpireFiles.newBuilder();
    found.by.forEach(
        (worker, files) -> {
          for (int from = 0; from < files.size(); from += PARTS_MAX) {
            Job.Builder job = Job.newBuilder().setKind(JobKind.FREE_PARTS).setWorkerId(worker);
            files
                .subList(from, Math.min(files.size(), from + PARTS_MAX))
                .forEach(file -> job.addParts(JobPart.newBuilder().setInode(file)));
            jobs.addFreed(job);
          }
        });
    if (propose(jobs).isPresent()) {
      freed.add(found.free.size());
      found.free.forEach(file -> pass.freed(file, now));
    }
  }

  /** Empty where it was not taken now; a later pass finds the same. */
  private Optional<CommandResult> propose(ExpireFiles.Builder expire) {
    try {
      return Optional.of(
          proposer
              .ask(Command.newBuilder().setPrincipal(TTL).setExpireFiles(expire).build())
              .join());
    } catch (CompletionException e) {
      LOG.info("files past their time to live go later: {}", Failures.cause(e).getMessage());
      return Optional.empty();
    }
  }
}
