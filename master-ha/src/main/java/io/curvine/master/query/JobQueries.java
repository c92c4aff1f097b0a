/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.JobStates;
import io.curvine.protocol.proto.ListJobs;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What is known of jobs. Stateless. */
final class JobQueries {
  private static final int LIMIT_MAX = 10_000;
  private static final int LIMIT_DEFAULT = 1_000;

  private JobQueries() {}

  /** How a job stands; one that is neither unfinished nor known to have failed has succeeded. */
  static JobState state(long id, StateView state) {
    Job unfinished = state.jobs().find(id);
    if (unfinished != null) {
      return unfinished(unfinished);
    }
    Job failed = state.jobs().failed(id);
    if (failed != null) {
      return failed(failed);
    }
    TreeJob tree = state.jobs().tree(id);
    return tree != null
        ? tree(tree)
        : JobState.newBuilder().setJobId(id).setFinished(true).setSucceeded(true).build();
  }

  private static JobState unfinished(Job job) {
    return JobState.newBuilder()
        .setJobId(job.getId())
        .setError(job.getLastError())
        .setJob(job)
        .build();
  }

  private static JobState failed(Job job) {
    return JobState.newBuilder()
        .setJobId(job.getId())
        .setFinished(true)
        .setSucceeded(isNote(job))
        .setError(job.getLastError())
        .setJob(job)
        .build();
  }

  /** Whether it was done, after another object that was in the way was moved aside. */
  private static boolean isNote(Job job) {
    return job.getLastCode() == ErrorCode.UFS_CONFLICT && !job.getAside().isEmpty();
  }

  /**
   * The version of the object that the UFS should have of the job's file where the job changes
   * something, empty if none; nothing where that does not matter.
   */
  static Optional<String> knownVersion(Job job, StateView state) {
    Inode file = state.namespace().find(job.getInode());
    Mount mount = state.mounts().find(job.getMountId());
    if (file == null || mount == null || !NamespaceView.isFile(file)) {
      return Optional.empty();
    }
    return JobTarget.of(job, file, mount, state).version();
  }

  private static JobState tree(TreeJob tree) {
    return JobState.newBuilder()
        .setJobId(tree.getId())
        .setFinished(tree.getStatus() != TreeJobStatus.RUNNING)
        .setSucceeded(tree.getStatus() == TreeJobStatus.SUCCEEDED)
        .setError(tree.getErrorsCount() > 0 ? tree.getErrors(0) : "")
        .setTree(tree)
        .build();
  }

  static JobStates list(ListJobs query, StateView state) throws Refused {
    if (query.getLimit() < 0 || query.getLimit() > LIMIT_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "limit is "
              + Integer.toUnsignedString(query.getLimit())
              + "; allowed: 0 to "
              + LIMIT_MAX);
    }
    int limit = query.getLimit() == 0 ? LIMIT_DEFAULT : query.getLimit();
    JobStates.Builder found = JobStates.newBuilder();
    switch (query.getList()) {
      case TREES ->
          trees(query.getAfter(), limit, state).forEach(tree -> found.addJobs(tree(tree)));
      case PENDING_JOBS ->
          state
              .jobs()
              .scan(
                  query.getAfter() + 1,
                  some(query, limit, found, job -> found.addJobs(unfinished(job))));
      case FAILED_JOBS ->
          state
              .jobs()
              .scanFailed(
                  query.getAfter() + 1,
                  some(query, limit, found, job -> found.addJobs(failed(job))));
      case UNRECOGNIZED ->
          throw new Refused(
              ErrorCode.INVALID_ARGUMENT, "list is " + query.getListValue() + "; allowed: 0 to 2");
    }
    return found.build();
  }

  /** Takes those of a mount until there are enough. */
  private static Predicate<Job> some(
      ListJobs query, int limit, JobStates.Builder found, Consumer<Job> taker) {
    return job -> {
      if (query.getMountId() == 0 || query.getMountId() == job.getMountId()) {
        taker.accept(job);
      }
      return found.getJobsCount() < limit;
    };
  }

  /** The newest of those below an id, the newest first. */
  private static List<TreeJob> trees(long below, int limit, StateView state) {
    List<TreeJob> all = new ArrayList<>();
    state
        .jobs()
        .scanTrees(
            tree -> {
              boolean wanted = below == 0 || tree.getId() < below;
              if (wanted) {
                all.add(0, tree);
              }
              return wanted;
            });
    return all.subList(0, Math.min(limit, all.size()));
  }
}
