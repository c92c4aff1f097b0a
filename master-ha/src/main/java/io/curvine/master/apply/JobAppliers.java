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

  static void attempted(JobAttempted event, MutableState state, long nowNanos) {
    Job job = require(event.getJobId(), state);
    state
        .jobs()
        .put(
            job.toBuilder()
                .setAttempts(job.getAttempts() + 1)
                .setLastError(event.getError())
                .setLastCode(event.getCode())
                .setFailingNanos(job.getFailingNanos() == 0 ? nowNanos : job.getFailingNanos())
                .build());
  }

  static void finished(JobFinished event, MutableState state) {
    Job job = require(event.getJobId(), state);
    state.jobs().remove(job);
    TreeJobAppliers.closed(event, job, state);
    if (!event.getSucceeded()) {
      if (isToBeKept(job)) {
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

  /** Whether nobody else would know that something is not done. */
  private static boolean isToBeKept(Job job) {
    return switch (job.getKind()) {
      case LOAD_PARTS, FREE_PARTS -> false;
      default -> !job.getMadeByTree();
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
