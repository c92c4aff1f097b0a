/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.JobsView;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;

/** Commands on work at a UFS. */
final class JobDeciders {
  /** Of what changes no UFS. */
  private static final int PART_ATTEMPTS_MAX = 6;

  private JobDeciders() {}

  /** Idempotent: a job that is gone was finished before. */
  static void finish(FinishJob command, Context context) {
    Job job = context.jobs().find(command.getJobId());
    if (job == null) {
      return;
    }
    Inode inode = context.namespace().find(job.getInode());
    if (command.getSucceeded()) {
      JobFinished.Builder finished = succeeded(command, job, inode, context);
      end(finished, job, context);
      if (finished.getFurtherParent() == 0 && !finished.getOfNoName()) {
        Conflicts.moved(command, job, inode, context);
      }
    } else if (superseded(job, inode)) {
      end(done(job).setMadeNothing(madeNothing(command, job)), job, context);
    } else if (hadNothing(command, job, inode)) {
      movedNothing(job, inode, context);
    } else if (Conflicts.isOne(command, job, context)) {
      Conflicts.met(command, job, inode, context);
    } else if (job.getInStep() || (command.getRetry() && goesOn(command, job, context))) {
      context.emit(
          Event.newBuilder()
              .setJobAttempted(
                  JobAttempted.newBuilder()
                      .setJobId(job.getId())
                      .setError(command.getError())
                      .setCode(command.getCode())));
    } else {
      long filesDone = Math.min(command.getFilesDone(), job.getFiles());
      end(
          outcome(job)
              .setSucceeded(false)
              .setError(command.getError())
              .setCode(command.getCode())
              .setMadeNothing(madeNothing(command, job))
              .setFilesDone(filesDone)
              .setBytesDone(Math.min(command.getBytesDone(), job.getBytes()))
              .setFilesFailed(job.getFiles() - filesDone),
          job,
          context);
    }
  }

  /** Whether nobody misses what a rename did not find. */
  private static boolean hadNothing(FinishJob command, Job job, Inode inode) {
    return job.getKind() == JobKind.UFS_RENAME
        && command.getCode() == ErrorCode.NOT_FOUND
        && (inode == null || job.getHeir());
  }

  /** The UFS has lost the content, so what the cache has of it is exported to the next name. */
  private static void movedNothing(Job job, Inode inode, Context context) {
    JobFinished.Builder finished = done(job).setMadeNothing(true);
    boolean primary = inode != null && setName(finished, job, inode, context);
    end(finished.setUnbinds(primary), job, context);
    Mount mount = primary ? context.mounts().exporting(inode.getMountId()) : null;
    if (mount != null && !context.isDetached(inode.getParent())) {
      ByteString path = context.mounts().ufsPath(mount, inode);
      if (!job.getKnownVersion().isEmpty() && path.equals(job.getUfsTargetPath())) {
        Exports.deleteKnown(path, job.getKnownVersion(), mount, context);
      }
      Exports.exportTo(path, inode.getId(), inode.getVersion(), mount, context);
    }
  }

  /**
   * Whether what a job that failed was to make is surely not there: another thing is in its place.
   * Others may have come half way, or all the way in an attempt that was not heard of.
   */
  private static boolean madeNothing(FinishJob command, Job job) {
    return switch (command.getCode()) {
      case UFS_CHANGED -> job.getKind() == JobKind.EXPORT_FILE; // its content was not found
      case UFS_CONFLICT,
          NOT_FOUND,
          IS_A_DIRECTORY,
          NOT_A_DIRECTORY,
          NOT_EMPTY,
          NAME_TOO_LONG,
          INVALID_ARGUMENT ->
          true;
      default -> false;
    };
  }

  /** With the last job of a tree ends that of the tree. */
  static void end(JobFinished.Builder finished, Job job, Context context) {
    context.emit(Event.newBuilder().setJobFinished(finished));
    TreeJobDeciders.jobEnds(job, !finished.getSucceeded(), context);
  }

  /** Whether it is tried again: a change of the UFS for long, a part of a tree a few times. */
  private static boolean goesOn(FinishJob command, Job job, Context context) {
    if (JobsView.changesUfs(job)) {
      long failingMillis = (context.nowNanos() - job.getFailingNanos()) / 1_000_000;
      return job.getFailingNanos() == 0
          || command.getGiveUpAfterMs() <= 0
          || failingMillis < command.getGiveUpAfterMs();
    }
    return job.getAttempts() + 1 < PART_ATTEMPTS_MAX
        && TreeJobDeciders.isRunning(job.getTreeJob(), context);
  }

  static JobFinished.Builder outcome(Job job) {
    return JobFinished.newBuilder()
        .setJobId(job.getId())
        .setKind(job.getKind())
        .setInode(job.getInode())
        .setTreeJob(job.getTreeJob());
  }

  private static JobFinished.Builder done(Job job) {
    return outcome(job)
        .setSucceeded(true)
        .setFilesDone(job.getFiles())
        .setBytesDone(job.getBytes());
  }

  private static JobFinished.Builder succeeded(
      FinishJob command, Job job, Inode inode, Context context) {
    JobFinished.Builder finished = done(job);
    if (command.getCode() == ErrorCode.UFS_CONFLICT) {
      finished.setCode(command.getCode()).setError(command.getError());
    }
    boolean primary = inode == null || setName(finished, job, inode, context);
    if (command.getOtherContent()) {
      boolean unbinds = inode != null && primary && !Conflicts.isOpenAsItWas(inode);
      return finished.setMadeNothing(true).setUnbinds(unbinds);
    }
    if (command.hasUfs() && JobsView.changesUfs(job)) {
      finished.setUfs(command.getUfs());
      if (primary) {
        finished.setVersion(exported(job, inode, inode == null ? 0 : inode.getExportedVersion()));
      } else if (!finished.getOfNoName()) {
        // Workers let go of content up to the version, and readers have the primary name's.
        NamespaceView.Name name =
            new NamespaceView.Name(finished.getFurtherParent(), finished.getFurtherName());
        long before = context.namespace().linked(inode.getId(), name).getExportedVersion();
        finished.setFurtherVersion(exported(job, inode, before));
      }
    }
    return finished;
  }

  /** Says which name of the file the job was for, and whether that is the primary one. */
  private static boolean setName(
      JobFinished.Builder finished, Job job, Inode inode, Context context) {
    Mount mount = context.mounts().find(job.getMountId());
    if (mount == null || !JobsView.changesUfs(job) || !NamespaceView.isFile(inode)) {
      return true;
    }
    JobTarget target = context.target(job, inode, mount);
    if (target.name() == null) {
      finished.setOfNoName(true);
    } else if (!target.primary()) {
      finished.setFurtherParent(target.name().parent()).setFurtherName(target.name().name());
    }
    return target.primary();
  }

  /**
   * Up to which version the UFS can fill blocks again. Where the writer of what was exported goes
   * on, or has gone on since, that is what it was: blocks of its later versions have the same
   * names.
   */
  private static long exported(Job job, Inode inode, long before) {
    boolean newest = inode == null || inode.getVersion() == job.getVersion();
    boolean open =
        inode != null && inode.hasLease() && inode.getLease().getWriteVersion() <= job.getVersion();
    return job.getKind() != JobKind.EXPORT_FILE || (newest && !open) ? job.getVersion() : before;
  }

  /** A later version has its own export, or gets it when its writer closes. */
  private static boolean superseded(Job job, Inode inode) {
    return switch (job.getKind()) {
      case EXPORT_FILE, LOAD_FILE -> inode == null || inode.getVersion() > job.getVersion();
      default -> false;
    };
  }
}
