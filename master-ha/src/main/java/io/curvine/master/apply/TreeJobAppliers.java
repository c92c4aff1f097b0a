/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAdopted;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobAdvanced;
import io.curvine.protocol.proto.TreeJobEnded;
import java.util.List;
import java.util.function.Consumer;

/**
 * Events of jobs on whole trees. One that was forgotten is not counted for any more: what it made
 * goes on without it.
 */
final class TreeJobAppliers {
  private static final int ERRORS_MAX = 20;

  private TreeJobAppliers() {}

  private static void change(long id, MutableState state, Consumer<TreeJob.Builder> change) {
    TreeJob job = id == 0 ? null : state.view().jobs().tree(id);
    if (job != null) {
      TreeJob.Builder changed = job.toBuilder();
      change.accept(changed);
      state.jobs().put(changed.build());
    }
  }

  /** A job was made for it. */
  static void opened(long id, MutableState state) {
    change(id, state, job -> job.setOpenJobs(job.getOpenJobs() + 1));
  }

  static void adopted(JobAdopted event, MutableState state) {
    Job job = state.view().jobs().find(event.getJobId());
    if (job == null) {
      throw new IllegalStateException("job " + event.getJobId() + " is not unfinished");
    }
    Job.Builder adopted = job.toBuilder().setFiles(event.getFiles()).setBytes(event.getBytes());
    if (job.getTreeJob() == 0) {
      adopted.setTreeJob(event.getTreeJob());
    } else {
      adopted.addFurtherTreeJobs(event.getTreeJob());
    }
    state.jobs().put(adopted.build());
    opened(event.getTreeJob(), state);
  }

  /** A job that they count is finished. */
  static void closed(JobFinished event, Job job, MutableState state) {
    closed(event, event.getTreeJob(), state);
    job.getFurtherTreeJobsList().forEach(tree -> closed(event, tree, state));
  }

  private static void closed(JobFinished event, long tree, MutableState state) {
    change(
        tree,
        state,
        job -> {
          job.setOpenJobs(Math.max(0, job.getOpenJobs() - 1))
              .setFilesDone(job.getFilesDone() + event.getFilesDone())
              .setBytesDone(job.getBytesDone() + event.getBytesDone())
              .setFilesFailed(job.getFilesFailed() + event.getFilesFailed());
          if (!event.getSucceeded()) {
            addErrors(job, List.of(event.getError()));
          }
        });
  }

  static void advanced(TreeJobAdvanced event, MutableState state) {
    change(
        event.getId(),
        state,
        job -> {
          job.setWalkedTo(event.getWalkedTo())
              .setWalked(event.getWalked())
              .setFiles(job.getFiles() + event.getFiles())
              .setBytes(job.getBytes() + event.getBytes())
              .setFilesDone(job.getFilesDone() + event.getFilesDone())
              .setFilesSkipped(job.getFilesSkipped() + event.getFilesSkipped())
              .setFilesFailed(job.getFilesFailed() + event.getFilesFailed());
          addErrors(job, event.getErrorsList());
        });
  }

  static void ended(TreeJobEnded event, MutableState state, long nowNanos) {
    change(
        event.getId(),
        state,
        job -> {
          job.setStatus(event.getStatus()).setEndedNanos(nowNanos);
          addErrors(job, event.getError().isEmpty() ? List.of() : List.of(event.getError()));
        });
  }

  private static void addErrors(TreeJob.Builder job, List<String> errors) {
    int room = Math.max(0, ERRORS_MAX - job.getErrorsCount());
    job.addAllErrors(errors.subList(0, Math.min(room, errors.size())));
  }
}
