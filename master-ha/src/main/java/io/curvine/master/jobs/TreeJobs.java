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
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

  /** Of directories in one step; each may be emptied and filled again meanwhile. */
  private static final int LOADS_MAX = 10_000;

  private final Supplier<StateStore> state;
  private final WorkerRegistry workers;
  private final LongFunction<CompletableFuture<Void>> names;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final int stepEntries;

  /** Directories that could not be listed, while this master leads. */
  private final Set<Long> passedOver = new HashSet<>();

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
    if (!leading.getAsBoolean()) {
      passedOver.clear();
      return;
    }
    List<TreeJob> running = running();
    if (running.isEmpty()) {
      passedOver.clear();
    }
    for (TreeJob job : running) {
      TreeJob at = job;
      while (at != null && mayStep(at) && leading.getAsBoolean() && step(at)) {
        long id = at.getId();
        at = state.get().read(view -> view.jobs().tree(id));
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

  /** False where it cannot be taken now. */
  private boolean step(TreeJob job) {
    AdvanceTreeJob.Builder advance =
        AdvanceTreeJob.newBuilder().setId(job.getId()).setFrom(job.getWalkedTo());
    List<Taker> takers = workers.takers();
    if (job.getKind() == TreeJobKind.LOAD && takers.size() < job.getReplicas()) {
      if (takers.isEmpty()) {
        return false; // one may come
      }
      advance.setGivenUp(
          job.getReplicas()
              + " copies are asked for, and so many workers take some now: "
              + takers.size());
    } else {
      take(job, advance, takers);
    }
    try {
      var unused = proposer.propose(Command.newBuilder().setAdvanceTreeJob(advance).build()).join();
      return true;
    } catch (CompletionException e) {
      LOG.info("job {} does not go on now: {}", job.getId(), Failures.cause(e).getMessage());
      return false;
    }
  }

  private void take(TreeJob job, AdvanceTreeJob.Builder advance, List<Taker> takers) {
    int copies = job.getKind() == TreeJobKind.FREE ? takers.size() : job.getReplicas();
    int entriesMax = stepEntries / Math.max(1, copies / OPEN_PER_WORKER);
    Step step = walk(job, entriesMax);
    for (int tries = 1; !step.unloaded().isEmpty(); tries++) {
      loadNames(job, step.unloaded(), advance, tries < LOADS_MAX);
      if (!step.files().isEmpty()) {
        break; // the next step goes on in there
      }
      step = walk(job, entriesMax);
    }
    advance.setWalkedTo(step.walkedTo()).setWalked(step.walked());
    switch (job.getKind()) {
      case LOAD -> load(job, step.files(), advance, takers);
      case FREE -> free(job, step.files(), advance, takers);
      default -> step.files().forEach(file -> export(file, advance));
    }
  }

  private Step walk(TreeJob job, int entriesMax) {
    boolean load = job.getKind() == TreeJobKind.LOAD;
    return state
        .get()
        .read(
            view ->
                TreeWalk.step(
                    job,
                    view,
                    directory -> load && !passedOver.contains(directory),
                    Math.max(1, entriesMax)));
  }

  /** The first is the one that is needed now; one that cannot be listed is passed over. */
  private void loadNames(
      TreeJob job, List<Long> directories, AdvanceTreeJob.Builder advance, boolean again) {
    List<CompletableFuture<Void>> loads = directories.stream().map(names::apply).toList();
    try {
      var unused = loads.get(0).join();
      if (!again) {
        passOver(job, directories.get(0), "a UFS directory does not come to rest", advance);
      }
    } catch (CompletionException e) {
      passOver(job, directories.get(0), Failures.cause(e).getMessage(), advance);
    }
  }

  private void passOver(TreeJob job, long directory, String why, AdvanceTreeJob.Builder advance) {
    passedOver.add(directory);
    LOG.info("job {} passes over a directory: {}", job.getId(), why);
    advance.addErrors(why);
  }

  private void load(
      TreeJob job, List<Inode> files, AdvanceTreeJob.Builder advance, List<Taker> takers) {
    TreeParts parts = new TreeParts(job);
    for (Inode file : files) {
      if (!file.hasUfs()) {
        advance.setFilesSkipped(advance.getFilesSkipped() + 1);
        continue;
      }
      advance
          .setFiles(advance.getFiles() + 1)
          .setBytes(advance.getBytes() + file.getLengthBytes() * job.getReplicas());
      if (file.getLengthBytes() == 0) {
        advance.setFilesDone(advance.getFilesDone() + 1);
      } else {
        parts.load(file);
      }
    }
    for (Job.Builder part : parts.jobs()) {
      for (int copy = 0; copy < job.getReplicas(); copy++) {
        int worker = takers.get(Math.floorMod(turn++, takers.size())).id();
        advance.addJobs(part.clone().setWorkerId(worker).setFiles(copy == 0 ? part.getFiles() : 0));
      }
    }
  }

  /** Each worker drops what it has; who is not here now comes back with nothing that is needed. */
  private void free(
      TreeJob job, List<Inode> files, AdvanceTreeJob.Builder advance, List<Taker> takers) {
    TreeParts parts = new TreeParts(job);
    files.forEach(parts::free);
    advance.setFiles(files.size());
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
