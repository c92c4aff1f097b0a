/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.master.jobs.TreeWalk.Step;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.store.StateStore;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.master.workers.WorkerRegistry.Taker;
import io.curvine.protocol.proto.AdvanceTreeJob;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks for the jobs on whole trees while this master leads: a step at a time, as long as not too
 * many of the jobs that it made are open. Where the walk is, is in the journal, so a new leader
 * goes on with it. Owned by one thread that calls {@link #tick} now and then.
 */
public final class TreeJobs {
  private static final Logger LOG = LoggerFactory.getLogger(TreeJobs.class);

  /** Of one step, unless many workers get a share of each. */
  public static final int STEP_ENTRIES = 2_000;

  private static final int OPEN_PER_WORKER = 4;
  private static final int OPEN_MIN = 8;

  /** For the listings that one step waits for; the next goes on with them. */
  private static final long NAMES_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<StateStore> state;
  private final WorkerRegistry workers;
  private final LongFunction<CompletableFuture<Void>> names;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final int stepEntries;

  /** Listings that jobs wait for, by directory, until somebody has seen how they ended. */
  private final Map<Long, CompletableFuture<Void>> listings = new HashMap<>();

  /** Whose turn it is to get something to do. */
  private int turn;

  /**
   * Made once.
   *
   * @param names loads a directory's names from its UFS
   * @param stepEntries names that one step looks at
   */
  public TreeJobs(
      Supplier<StateStore> state,
      WorkerRegistry workers,
      LongFunction<CompletableFuture<Void>> names,
      PatientProposer proposer,
      BooleanSupplier leading,
      int stepEntries) {
    this.state = state;
    this.workers = workers;
    this.names = names;
    this.proposer = proposer;
    this.leading = leading;
    this.stepEntries = stepEntries;
  }

  /** Takes the steps that can be taken now. */
  public void tick() {
    List<TreeJob> running = leading.getAsBoolean() ? running() : List.of();
    if (running.isEmpty()) {
      listings.clear();
    }
    for (TreeJob job : running) {
      if (mayStep(job) && leading.getAsBoolean()) {
        step(job);
      }
    }
  }

  private List<TreeJob> running() {
    List<TreeJob> running = new ArrayList<>();
    return state
        .get()
        .read(
            view -> {
              view.jobs()
                  .scanTrees(
                      job -> {
                        if (job.getStatus() == TreeJobStatus.RUNNING) {
                          running.add(job);
                        }
                        return true;
                      });
              return running;
            });
  }

  private boolean mayStep(TreeJob job) {
    int openMax = Math.max(OPEN_MIN, OPEN_PER_WORKER * workers.liveCount());
    return job.getStatus() == TreeJobStatus.RUNNING
        && !job.getWalked()
        && job.getOpenJobs() < openMax;
  }

  private void step(TreeJob job) {
    AdvanceTreeJob.Builder advance =
        AdvanceTreeJob.newBuilder().setId(job.getId()).setFrom(job.getWalkedTo());
    List<Taker> takers = workers.takers();
    if (job.getKind() == TreeJobKind.LOAD && takers.size() < job.getReplicas()) {
      if (takers.isEmpty()) {
        return; // one may come
      }
      advance.setGivenUp(
          job.getReplicas()
              + " copies are asked for, and so many workers take some now: "
              + takers.size());
    } else if (!take(job, advance, takers)) {
      return;
    }
    try {
      var unused = proposer.propose(Command.newBuilder().setAdvanceTreeJob(advance).build()).join();
    } catch (CompletionException e) {
      LOG.info("job {} does not go on now: {}", job.getId(), Failures.cause(e).getMessage());
    }
  }

  /** False where there is nothing to say of it now. */
  private boolean take(TreeJob job, AdvanceTreeJob.Builder advance, List<Taker> takers) {
    int copies = job.getKind() == TreeJobKind.FREE ? takers.size() : job.getReplicas();
    int entriesMax = Math.max(1, stepEntries / Math.max(1, copies / OPEN_PER_WORKER));
    Set<Long> passedOver = new HashSet<>();
    long until = System.nanoTime() + NAMES_NANOS;
    Step step = walk(job, passedOver, entriesMax);
    while (!step.unloaded().isEmpty()) {
      long directory = step.unloaded().get(0);
      Optional<String> failure;
      try {
        failure = loadNames(step.unloaded(), until - System.nanoTime());
      } catch (TimeoutException e) { // others have their turn; its listing goes on
        if (step.walkedTo().equals(job.getWalkedTo())) {
          return false;
        }
        break;
      }
      if (failure.isPresent()) {
        LOG.info("job {} passes over a directory: {}", job.getId(), failure.get());
        passedOver.add(directory);
        advance.addErrors(failure.get());
      } else if (!step.files().isEmpty()) {
        break; // the next step goes on in there
      }
      step = walk(job, passedOver, entriesMax);
    }
    advance.setWalkedTo(step.walkedTo()).setWalked(step.walked());
    switch (job.getKind()) {
      case LOAD -> load(job, step.files(), advance, takers);
      case FREE -> free(step.files(), advance, job, takers);
      default -> step.files().forEach(file -> export(file, advance));
    }
    return true;
  }

  private Step walk(TreeJob job, Set<Long> passedOver, int entriesMax) {
    boolean load = job.getKind() == TreeJobKind.LOAD;
    return state
        .get()
        .read(
            view ->
                TreeWalk.step(
                    job, view, directory -> load && !passedOver.contains(directory), entriesMax));
  }

  /**
   * Has directories listed and waits for the first of them.
   *
   * @return why it cannot be listed; empty: it is
   * @throws TimeoutException where it takes longer, or the master has no time for it now
   */
  private Optional<String> loadNames(List<Long> directories, long nanos) throws TimeoutException {
    if (nanos <= 0) {
      throw new TimeoutException("the turn is over");
    }
    long first = directories.get(0);
    CompletableFuture<Void> listing = listings.computeIfAbsent(first, names::apply);
    for (long next : directories.subList(1, directories.size())) {
      var unused = names.apply(next);
    }
    try {
      var unused = listing.get(nanos, TimeUnit.NANOSECONDS);
      listings.remove(first);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    } catch (ExecutionException e) {
      listings.remove(first);
      if (isForNow(Failures.code(e)) || !leading.getAsBoolean()) {
        throw new TimeoutException(Failures.cause(e).getMessage());
      }
      return Optional.of(String.valueOf(Failures.cause(e).getMessage()));
    }
  }

  private static boolean isForNow(ErrorCode code) {
    return code == ErrorCode.BUSY || code == ErrorCode.NOT_READY || code == ErrorCode.NOT_LEADER;
  }

  private void load(
      TreeJob job, List<Inode> files, AdvanceTreeJob.Builder advance, List<Taker> takers) {
    Map<Integer, TreeParts> byCopies = new TreeMap<>();
    Map<Long, Policy> policies = policies(files);
    for (Inode file : files) {
      if (!file.hasUfs()) {
        advance.setFilesSkipped(advance.getFilesSkipped() + 1);
        continue;
      }
      int wanted = Math.min(policies.get(file.getId()).getMinReplicas(), takers.size());
      int copies = Math.max(job.getReplicas(), wanted);
      advance
          .setFiles(advance.getFiles() + 1)
          .setBytes(advance.getBytes() + file.getLengthBytes() * copies);
      if (file.getLengthBytes() == 0) {
        advance.setFilesDone(advance.getFilesDone() + 1);
      } else {
        byCopies.computeIfAbsent(copies, unused -> new TreeParts(job)).load(file);
      }
    }
    byCopies.forEach((copies, parts) -> addCopies(parts, copies, advance, takers));
  }

  private void addCopies(
      TreeParts parts, int copies, AdvanceTreeJob.Builder advance, List<Taker> takers) {
    for (Job.Builder part : parts.jobs()) {
      for (int copy = 0; copy < copies; copy++) {
        int worker = takers.get(Math.floorMod(turn++, takers.size())).id();
        advance.addJobs(part.clone().setWorkerId(worker).setFiles(copy == 0 ? part.getFiles() : 0));
      }
    }
  }

  /** What holds for each, by inode. */
  private Map<Long, Policy> policies(List<Inode> files) {
    Map<Long, Policy> policies = new HashMap<>();
    return state
        .get()
        .read(
            view -> {
              files.forEach(file -> policies.put(file.getId(), view.policies().effective(file)));
              return policies;
            });
  }

  /**
   * Each worker drops what it has; who is not here now comes back with nothing that is needed. What
   * a policy pins is passed over.
   */
  private void free(
      List<Inode> all, AdvanceTreeJob.Builder advance, TreeJob job, List<Taker> takers) {
    Map<Long, Policy> policies = policies(all);
    List<Inode> files =
        all.stream().filter(file -> !policies.get(file.getId()).getPinned()).toList();
    TreeParts parts = new TreeParts(job);
    files.forEach(parts::free);
    advance.setFiles(files.size()).setFilesSkipped(all.size() - files.size());
    if (takers.isEmpty()) {
      advance.setFilesDone(files.size());
    }
    for (Job.Builder part : parts.jobs()) {
      for (int i = 0; i < takers.size(); i++) {
        advance.addJobs(
            part.clone().setWorkerId(takers.get(i).id()).setFiles(i == 0 ? part.getFiles() : 0));
      }
    }
  }

  private static void export(Inode file, AdvanceTreeJob.Builder advance) {
    if (file.getExportedVersion() < file.getVersion()) {
      advance.addExports(file.getId());
    } else {
      advance.setFilesSkipped(advance.getFilesSkipped() + 1);
    }
  }
}
