/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.JobsView;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobCreated;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.LinkedName;

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
                .setAside(event.getAside().isEmpty() ? job.getAside() : event.getAside())
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
    tellNext(event, job, state);
    boolean noted = !event.getSucceeded() || event.getCode() == ErrorCode.UFS_CONFLICT;
    if (noted && isToBeKept(job)) {
      Job.Builder kept = job.toBuilder().setLastError(event.getError());
      if (event.getCode() != ErrorCode.OK) {
        kept.setLastCode(event.getCode());
      }
      state.jobs().keepFailed(kept.build());
    }
    bind(event, state);
  }

  /** What the UFS has of the file. */
  private static void bind(JobFinished event, MutableState state) {
    Inode inode = state.view().namespace().find(event.getInode());
    if (inode == null) {
      return;
    }
    if (event.getUnbinds()) {
      state.namespace().put(inode.toBuilder().clearUfs().clearExportedVersion().build());
      return;
    }
    if (!event.getSucceeded() || !event.hasUfs() || event.getOfNoName()) {
      return;
    }
    if (event.getFurtherParent() != 0) {
      bindFurther(event, state);
      return;
    }
    boolean older =
        event.getKind() == JobKind.EXPORT_FILE && event.getVersion() < inode.getExportedVersion();
    Inode.Builder bound = inode.toBuilder();
    if (!older) {
      bound.setUfs(event.getUfs());
    }
    if (event.getKind() == JobKind.EXPORT_FILE) {
      bound.setExportedVersion(Math.max(inode.getExportedVersion(), event.getVersion()));
    }
    state.namespace().put(bound.build());
  }

  private static void bindFurther(JobFinished event, MutableState state) {
    NamespaceView.Name name =
        new NamespaceView.Name(event.getFurtherParent(), event.getFurtherName());
    LinkedName.Builder linked =
        state.view().namespace().linked(event.getInode(), name).toBuilder().setUfs(event.getUfs());
    if (event.getKind() == JobKind.EXPORT_FILE) {
      linked.setExportedVersion(event.getFurtherVersion());
    }
    state.namespace().putOtherName(event.getInode(), name.parent(), name.name(), linked.build());
  }

  /**
   * The object that was made is the one that the first job behind may delete or replace, where
   * those before it have carried it. Whether one was made by an export that did not say so is not
   * known: then a delete takes whichever is there, and a rename compares what it meets. Where none
   * was, it knows what it knew.
   */
  private static void tellNext(JobFinished event, Job done, MutableState state) {
    boolean makes = done.getKind() == JobKind.EXPORT_FILE || done.getKind() == JobKind.UFS_RENAME;
    boolean metAnother = !event.getSucceeded() && event.getCode() == ErrorCode.UFS_CONFLICT;
    if (!makes || event.getMadeNothing() || metAnother) {
      return;
    }
    JobTarget.Carried carried = JobTarget.carried(done, state.view());
    Job taker = carried.taker();
    if (taker == null
        || !taker.getChecked()
        || !carried.path().equals(JobsView.replacedPath(taker))) {
      return;
    }
    if (event.hasUfs()) {
      state.jobs().put(taker.toBuilder().setKnownVersion(event.getUfs().getVersion()).build());
    } else if (taker.getKind() == JobKind.UFS_DELETE) {
      state.jobs().put(taker.toBuilder().setChecked(false).build());
    }
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
