/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobCreated;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.RequestLoad;

/** Commands on work at a UFS. */
final class JobDeciders {
  private JobDeciders() {}

  static void load(RequestLoad command, Context context) throws Refused {
    Inode file = context.namespace().find(command.getInode());
    if (file == null) {
      throw new Refused(ErrorCode.NOT_FOUND, "no inode " + command.getInode());
    }
    Places.requireFile(file, "inode " + command.getInode());
    if (!file.hasUfs()) {
      throw new Refused(ErrorCode.UNSUPPORTED, "the UFS does not have inode " + command.getInode());
    }
    if (command.getReplicas() < 0 || command.getReplicas() > Limits.REPLICAS_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "replicas is " + command.getReplicas() + "; allowed: 0 to " + Limits.REPLICAS_MAX);
    }
    long id = context.meta().get(Counter.LAST_JOB);
    for (int i = 0; i < Math.max(1, command.getReplicas()); i++) {
      Job job =
          Job.newBuilder()
              .setId(++id)
              .setKind(JobKind.LOAD_FILE)
              .setMountId(file.getMountId())
              .setInode(file.getId())
              .setVersion(file.getVersion())
              .setCreatedNanos(context.nowNanos())
              .build();
      context.emit(Event.newBuilder().setJobCreated(JobCreated.newBuilder().setJob(job)));
      context.result().addJobIds(id);
    }
  }

  /** Idempotent: a job that is gone was finished before. */
  static void finish(FinishJob command, Context context) {
    Job job = context.jobs().find(command.getJobId());
    if (job == null) {
      return;
    }
    Inode inode = context.namespace().find(job.getInode());
    if (command.getSucceeded()) {
      context.emit(Event.newBuilder().setJobFinished(succeeded(command, job, inode, context)));
    } else if (superseded(job, inode)) {
      context.emit(Event.newBuilder().setJobFinished(outcome(job).setSucceeded(true)));
    } else if (command.getRetry()) {
      context.emit(
          Event.newBuilder()
              .setJobAttempted(
                  JobAttempted.newBuilder().setJobId(job.getId()).setError(command.getError())));
    } else {
      context.emit(
          Event.newBuilder()
              .setJobFinished(outcome(job).setSucceeded(false).setError(command.getError())));
    }
  }

  private static JobFinished.Builder outcome(Job job) {
    return JobFinished.newBuilder()
        .setJobId(job.getId())
        .setKind(job.getKind())
        .setInode(job.getInode());
  }

  private static JobFinished.Builder succeeded(
      FinishJob command, Job job, Inode inode, Context context) {
    JobFinished.Builder finished = outcome(job).setSucceeded(true);
    boolean binds =
        command.hasUfs()
            && inode != null
            && job.getKind() != JobKind.LOAD_FILE
            && !isOtherName(job, inode, context);
    if (binds) {
      finished.setUfs(command.getUfs()).setVersion(job.getVersion());
    }
    return finished;
  }

  /** Whether the job carried content to a name besides the primary one. */
  private static boolean isOtherName(Job job, Inode inode, Context context) {
    Mount mount = context.mounts().find(job.getMountId());
    if (mount == null || job.getKind() != JobKind.EXPORT_FILE) {
      return false;
    }
    for (NamespaceView.Name name : context.namespace().otherNames(inode.getId(), Limits.LINK_MAX)) {
      if (context.isDetached(name.parent())) {
        continue;
      }
      ByteString path =
          context.mounts().ufsPath(mount, context.namespace().require(name.parent()), name.name());
      if (path.equals(job.getUfsPath())) {
        return true;
      }
    }
    return false;
  }

  /** A later version has its own export, or gets it when its writer closes. */
  private static boolean superseded(Job job, Inode inode) {
    return switch (job.getKind()) {
      case EXPORT_FILE, LOAD_FILE -> inode == null || inode.getVersion() > job.getVersion();
      default -> false;
    };
  }
}
