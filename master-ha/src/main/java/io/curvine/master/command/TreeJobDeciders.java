/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.AdvanceTreeJob;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAdopted;
import io.curvine.protocol.proto.JobCreated;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.StartTreeJob;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobAdvanced;
import io.curvine.protocol.proto.TreeJobEnded;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStarted;
import io.curvine.protocol.proto.TreeJobStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Commands on jobs of whole trees. Such a job is a walk that the leader takes a step at a time:
 * each step makes jobs for the files that it met, and those say when they end how much is done.
 */
final class TreeJobDeciders {
  private TreeJobDeciders() {}

  static void start(StartTreeJob command, Context context) throws Refused, NeedsUfs {
    requireSound(command);
    Inode root = context.resolver().entry(command.getAt(), true);
    if (root.getType() != io.curvine.protocol.proto.InodeType.DIRECTORY) {
      Places.requireFile(root, "inode " + root.getId());
    }
    if (command.getKind() == TreeJobKind.EXPORT) {
      requireExporting(root, context);
    }
    boolean load = command.getKind() == TreeJobKind.LOAD;
    TreeJob.Builder job =
        TreeJob.newBuilder()
            .setId(context.newJob())
            .setKind(command.getKind())
            .setRoot(root.getId())
            .setPath(context.namespace().path(root))
            .setUser(context.principal().getUser())
            .setCreatedNanos(context.nowNanos());
    if (load) {
      job.setReplicas(Math.max(1, command.getReplicas())).setTier(command.getTier());
    }
    begin(job, context);
  }

  private static void begin(TreeJob.Builder job, Context context) {
    context.emit(Event.newBuilder().setTreeJobStarted(TreeJobStarted.newBuilder().setJob(job)));
    context.result().addJobIds(job.getId());
  }

  private static void requireSound(StartTreeJob command) throws Refused {
    switch (command.getKind()) {
      case LOAD -> {
        if (command.getReplicas() < 0 || command.getReplicas() > Limits.REPLICAS_MAX) {
          throw new Refused(
              ErrorCode.INVALID_ARGUMENT,
              "replicas is " + command.getReplicas() + "; allowed: 0 to " + Limits.REPLICAS_MAX);
        }
      }
      case EXPORT, FREE -> {
        if (command.getReplicas() != 0 || command.getTierValue() != 0) {
          throw new Refused(
              ErrorCode.INVALID_ARGUMENT, "replicas or tier is set; allowed: where LOAD is asked");
        }
      }
      case TREE_JOB_UNSPECIFIED, UNRECOGNIZED ->
          throw new Refused(
              ErrorCode.INVALID_ARGUMENT,
              "kind is " + command.getKindValue() + "; allowed: LOAD, EXPORT, FREE");
    }
  }

  private static void requireExporting(Inode root, Context context) throws Refused {
    Mount mount = context.mounts().find(root.getMountId());
    if (mount == null) {
      throw new Refused(
          ErrorCode.UNSUPPORTED,
          context.namespace().path(root).toStringUtf8()
              + " is under no mount; allowed: what has a UFS that it can be exported to");
    }
    if (context.mounts().exporting(mount.getId()) == null) {
      throw new Refused(
          ErrorCode.READ_ONLY,
          "the mount at "
              + mount.getPath()
              + " writes nothing to its UFS; allowed: a write policy through or back, and not"
              + " read-only");
    }
  }

  /** The leader has taken a step. */
  static void advance(AdvanceTreeJob command, Context context) throws Refused {
    TreeJob job = context.jobs().tree(command.getId());
    if (job == null
        || job.getStatus() != TreeJobStatus.RUNNING
        || !job.getWalkedTo().equals(command.getFrom())
        || job.getWalked()) {
      throw new Refused(ErrorCode.NOT_FOUND, "job " + command.getId() + " is not at that place");
    }
    if (!command.getGivenUp().isEmpty()) {
      emitEnd(job.getId(), TreeJobStatus.FAILED, command.getGivenUp(), context);
      return;
    }
    TreeJobAdvanced.Builder step =
        TreeJobAdvanced.newBuilder()
            .setId(job.getId())
            .setWalkedTo(command.getWalkedTo())
            .setWalked(command.getWalked())
            .setFiles(command.getFiles())
            .setBytes(command.getBytes())
            .setFilesDone(command.getFilesDone())
            .setFilesSkipped(command.getFilesSkipped())
            .setFilesFailed(command.getErrorsCount())
            .addAllErrors(command.getErrorsList());
    Event.Builder stepped = Event.newBuilder();
    context.emit(stepped);
    for (Job part : command.getJobsList()) {
      Job.Builder made =
          part.toBuilder()
              .setId(context.newJob())
              .setTreeJob(job.getId())
              .setCreatedNanos(context.nowNanos());
      context.emit(Event.newBuilder().setJobCreated(JobCreated.newBuilder().setJob(made)));
    }
    for (long inode : new LinkedHashSet<>(command.getExportsList())) {
      export(job, inode, step, context);
    }
    stepped.setTreeJobAdvanced(step);
    boolean opened = context.events().size() > 1;
    if (command.getWalked() && !opened && job.getOpenJobs() == 0) {
      boolean failed = hasFailed(job) || command.getErrorsCount() > 0;
      emitEnd(job.getId(), failed ? TreeJobStatus.FAILED : TreeJobStatus.SUCCEEDED, "", context);
    }
  }

  /** Makes the jobs that bring a file to its UFS, or counts on the one that is made already. */
  private static void export(
      TreeJob tree, long inode, TreeJobAdvanced.Builder step, Context context) {
    Inode file = context.namespace().find(inode);
    Mount mount = file == null ? null : context.mounts().exporting(file.getMountId());
    if (mount == null || file.getExportedVersion() >= file.getVersion()) {
      step.setFilesSkipped(step.getFilesSkipped() + 1);
      return;
    }
    step.setFiles(step.getFiles() + 1).setBytes(step.getBytes() + file.getLengthBytes());
    ByteString path = context.mounts().ufsPath(mount, file);
    Job pending = context.jobs().export(mount.getId(), path, inode, file.getVersion());
    if (pending == null) {
      int first = context.events().size();
      Exports.exportIfNewer(file, context);
      for (Event.Builder made : context.events().subList(first, context.events().size())) {
        made.getJobCreatedBuilder().getJobBuilder().setTreeJob(tree.getId()).setMadeByTree(true);
      }
      if (context.events().size() > first) { // the first is to the primary name
        context
            .events()
            .get(first)
            .getJobCreatedBuilder()
            .getJobBuilder()
            .setFiles(1)
            .setBytes(file.getLengthBytes());
      }
    } else if (!trees(pending).contains(tree.getId())) {
      context.emit(
          Event.newBuilder()
              .setJobAdopted(
                  JobAdopted.newBuilder()
                      .setJobId(pending.getId())
                      .setTreeJob(tree.getId())
                      .setFiles(1)
                      .setBytes(file.getLengthBytes())));
    }
  }

  /** Whether there is such a job that has not ended. */
  static boolean isRunning(long id, Context context) {
    TreeJob job = id == 0 ? null : context.jobs().tree(id);
    return job != null && job.getStatus() == TreeJobStatus.RUNNING;
  }

  /** A job ends, which may be the last that jobs of trees wait for. */
  static void jobEnds(Job job, boolean failed, Context context) {
    for (long id : trees(job)) {
      TreeJob tree = context.jobs().tree(id);
      boolean last =
          tree != null
              && tree.getStatus() == TreeJobStatus.RUNNING
              && tree.getWalked()
              && tree.getOpenJobs() <= 1;
      if (last) {
        boolean anyFailed = failed || hasFailed(tree);
        emitEnd(id, anyFailed ? TreeJobStatus.FAILED : TreeJobStatus.SUCCEEDED, "", context);
      }
    }
  }

  /** Those that count a job. */
  private static List<Long> trees(Job job) {
    List<Long> trees = new ArrayList<>(job.getFurtherTreeJobsList());
    if (job.getTreeJob() != 0) {
      trees.add(job.getTreeJob());
    }
    return trees;
  }

  /** Whether something is not done; where that is a part of a file, no file is counted. */
  private static boolean hasFailed(TreeJob job) {
    return job.getFilesFailed() > 0 || job.getErrorsCount() > 0;
  }

  private static void emitEnd(long id, TreeJobStatus status, String error, Context context) {
    context.emit(
        Event.newBuilder()
            .setTreeJobEnded(
                TreeJobEnded.newBuilder().setId(id).setStatus(status).setError(error)));
  }

  /** What it has made goes on to its end; nothing more is made. Done twice, it is done once. */
  static void cancel(TreeJob job, Context context) {
    if (job.getStatus() == TreeJobStatus.RUNNING) {
      emitEnd(job.getId(), TreeJobStatus.CANCELLED, "", context);
    }
  }

  /** Begins anew, under the same number; what is done already costs little. */
  static void retry(TreeJob job, Context context) throws Refused {
    if (job.getStatus() == TreeJobStatus.RUNNING) {
      throw new Refused(
          ErrorCode.FILE_BUSY, "job " + job.getId() + " runs; allowed: one that has ended");
    }
    if (job.getOpenJobs() > 0) {
      throw new Refused(
          ErrorCode.FILE_BUSY,
          "job " + job.getId() + " has " + job.getOpenJobs() + " parts that have not ended yet");
    }
    Inode root = context.namespace().find(job.getRoot());
    if (root == null || (NamespaceView.isDirectory(root) && context.isDetached(root.getId()))) {
      throw new Refused(
          ErrorCode.NOT_FOUND,
          job.getPath().toStringUtf8() + " of job " + job.getId() + " is gone");
    }
    begin(
        TreeJob.newBuilder()
            .setId(job.getId())
            .setKind(job.getKind())
            .setRoot(job.getRoot())
            .setPath(context.namespace().path(root))
            .setReplicas(job.getReplicas())
            .setTier(job.getTier())
            .setUser(job.getUser())
            .setCreatedNanos(context.nowNanos()),
        context);
  }
}
