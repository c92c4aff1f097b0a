/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobCreated;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;

/** Events of work on UFSs. */
final class JobAppliers {
  private JobAppliers() {}

  static void created(JobCreated event, MutableState state) {
    Job job = event.getJob();
    state.jobs().add(job);
    TreeJobAppliers.opened(job.getTreeJob(), state);
  }

  static void attempted(JobAttempted event, MutableState state) {
    Job job = require(event.getJobId(), state);
    state
        .jobs()
        .put(
            job.toBuilder()
                .setAttempts(job.getAttempts() + 1)
                .setLastError(event.getError())
                .setLastCode(event.getCode())
                .build());
  }

  static void finished(JobFinished event, MutableState state) {
    Job job = require(event.getJobId(), state);
    state.jobs().remove(job);
    TreeJobAppliers.closed(event, state);
    if (!event.getSucceeded()) {
      if (carriesChange(job)) {
        state.jobs().keepFailed(job.toBuilder().setLastError(event.getError()).build());
      }
      return;
    }
    Inode inode = state.view().namespace().find(event.getInode());
    if (inode == null || !event.hasUfs()) {
      return;
    }
    Inode.Builder bound = inode.toBuilder().setUfs(event.getUfs());
    if (event.getKind() == JobKind.EXPORT_FILE) {
      bound.setExportedVersion(Math.max(inode.getExportedVersion(), event.getVersion()));
    }
    state.namespace().put(bound.build());
  }

  /** Whether something is lost to the UFS where the job is not done. */
  private static boolean carriesChange(Job job) {
    return switch (job.getKind()) {
      case LOAD_PARTS, FREE_PARTS -> false;
      default -> true;
    };
  }

  private static Job require(long id, MutableState state) {
    Job job = state.view().jobs().find(id);
    if (job == null) {
      throw new IllegalStateException("job " + id + " is not unfinished");
    }
    return job;
  }
}
