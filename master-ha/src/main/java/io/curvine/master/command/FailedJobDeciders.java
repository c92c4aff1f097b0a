/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.CancelJob;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FailedJobDropped;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.RetryJob;
import io.curvine.protocol.proto.TreeJob;

/**
 * What is to become of a job that ended otherwise than it should. A change that a UFS refused for
 * good is not made again as it was: the namespace may be another by now. What is made is what
 * brings the UFS to what the namespace holds now.
 */
final class FailedJobDeciders {
  private FailedJobDeciders() {}

  static void cancel(CancelJob command, Context context) throws Refused {
    long id = command.getJobId();
    TreeJob tree = context.jobs().tree(id);
    if (tree != null) {
      TreeJobDeciders.cancel(tree, context);
    } else if (context.jobs().failed(id) != null) {
      drop(id, context);
    } else {
      throw unknown(id, context);
    }
  }

  static void retry(RetryJob command, Context context) throws Refused, NeedsUfs {
    long id = command.getJobId();
    TreeJob tree = context.jobs().tree(id);
    Job failed = context.jobs().failed(id);
    if (tree != null) {
      TreeJobDeciders.retry(tree, context);
    } else if (failed != null) {
      drop(id, context);
      again(failed, context);
    } else {
      throw unknown(id, context);
    }
  }

  private static Refused unknown(long id, Context context) {
    return context.jobs().find(id) == null
        ? new Refused(ErrorCode.NOT_FOUND, "there is no job " + id + ", or it is done")
        : new Refused(
            ErrorCode.FILE_BUSY,
            "job "
                + id
                + " is not ended, and is tried until it is; allowed: the job of a tree, or one that"
                + " failed for good");
  }

  private static void drop(long id, Context context) {
    context.emit(
        Event.newBuilder().setFailedJobDropped(FailedJobDropped.newBuilder().setJobId(id)));
  }

  private static void again(Job job, Context context) throws Refused, NeedsUfs {
    Mount mount = context.mounts().exporting(job.getMountId());
    if (mount == null) {
      throw new Refused(
          ErrorCode.NOT_FOUND,
          "mount "
              + job.getMountId()
              + " is gone or writes nothing to its UFS any more; allowed: to cancel job "
              + job.getId());
    }
    switch (job.getKind()) {
      case EXPORT_FILE -> export(job, context);
      case UFS_DELETE -> {
        if (at(mount, job.getUfsPath(), context) == null) {
          context.emitJob(mount, job(job).setTree(job.getTree()));
        }
      }
      case UFS_RENAME -> {
        boolean stillThere = leadsTo(job.getInode(), mount, job.getUfsTargetPath(), context);
        if (stillThere && at(mount, job.getUfsPath(), context) == null) {
          context.emitJob(mount, job(job).setUfsTargetPath(job.getUfsTargetPath()));
        }
      }
      case UFS_MAKE_DIRECTORY, UFS_SYMLINK -> {
        if (leadsTo(job.getInode(), mount, job.getUfsPath(), context)) {
          context.emitJob(mount, job(job).setSymlinkTarget(job.getSymlinkTarget()));
        }
      }
      default ->
          throw new Refused(
              ErrorCode.UNSUPPORTED, "job " + job.getId() + " is of a kind that is not made again");
    }
  }

  private static Job.Builder job(Job before) {
    return Job.newBuilder()
        .setKind(before.getKind())
        .setInode(before.getInode())
        .setVersion(before.getVersion())
        .setChecked(before.getChecked())
        .setKnownVersion(before.getKnownVersion())
        .setUfsPath(before.getUfsPath());
  }

  /** Its present content to its present names, unless that is on its way already. */
  private static void export(Job job, Context context) {
    Inode file = context.namespace().find(job.getInode());
    if (file == null || context.mounts().exporting(file.getMountId()) == null) {
      return;
    }
    Mount mount = context.mounts().find(file.getMountId());
    JobTarget target = context.target(job, file, mount);
    if (target.name() != null && !target.primary()) {
      exportFurther(file, target.name(), mount, context);
      return;
    }
    ByteString path = context.mounts().ufsPath(mount, file);
    if (context.jobs().export(mount.getId(), path, file.getId(), file.getVersion()) == null) {
      Exports.exportIfNewer(file, context);
    }
  }

  private static void exportFurther(
      Inode file, NamespaceView.Name name, Mount mount, Context context) {
    Inode parent = context.namespace().require(name.parent());
    ByteString path = context.mounts().ufsPath(mount, parent, name.name());
    boolean older =
        context.namespace().linked(file.getId(), name).getExportedVersion() < file.getVersion();
    if (older
        && context.jobs().export(mount.getId(), path, file.getId(), file.getVersion()) == null) {
      Exports.exportTo(path, file.getId(), file.getVersion(), mount, context);
    }
  }

  private static boolean leadsTo(long inode, Mount mount, ByteString path, Context context)
      throws Refused, NeedsUfs {
    Inode found = at(mount, path, context);
    return found != null && found.getId() == inode;
  }

  /** What the namespace has where a path of the UFS is mounted; null: nothing. */
  private static Inode at(Mount mount, ByteString path, Context context) throws Refused, NeedsUfs {
    ByteString full =
        mount
            .getPathBytes()
            .concat(ByteString.copyFromUtf8(mount.getPath().equals("/") ? "" : "/"))
            .concat(path);
    try {
      Place place = context.resolver().place(EntryRef.newBuilder().setPath(full).build());
      return place.inode();
    } catch (Refused e) {
      if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.NOT_A_DIRECTORY) {
        return null;
      }
      throw e;
    }
  }
}
