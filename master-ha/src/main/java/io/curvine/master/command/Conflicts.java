/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.JobsView;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileContentChanged;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What becomes of a change that met an object at the UFS which is not the one known here. Who is
 * the authority keeps the name, the other side's bytes are kept beside it: in cache mode the file
 * gets another name here, in fs mode the object gets one there.
 */
final class Conflicts {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Conflicts() {}

  /** Whether the job failed by one. */
  static boolean isOne(FinishJob command, Job job, Context context) {
    return command.getCode() == ErrorCode.UFS_CONFLICT
        && JobsView.changesUfs(job)
        && context.mounts().find(job.getMountId()) != null;
  }

  /**
   * Decides on it.
   *
   * @param inode of the job; null: it is gone, or the job has none
   */
  static void met(FinishJob command, Job job, Inode inode, Context context) {
    Mount mount = context.mounts().find(job.getMountId());
    if (mount.getMode() == MountMode.FS) {
      // The job keeps its turn, and whoever does it next moves the object.
      context.emit(
          Event.newBuilder()
              .setJobAttempted(
                  JobAttempted.newBuilder()
                      .setJobId(job.getId())
                      .setError(command.getError())
                      .setCode(command.getCode())
                      .setAside(aside(JobsView.replacedPath(job), job, context))));
      return;
    }
    JobTarget target =
        inode != null && NamespaceView.isFile(inode) ? context.target(job, inode, mount) : null;
    Inode kept = target == null ? null : keep(job, inode, target.name(), mount, context);
    ByteString at = JobsView.replacedPath(job);
    JobDeciders.end(
        JobDeciders.outcome(job)
            .setSucceeded(false)
            .setCode(ErrorCode.UFS_CONFLICT)
            .setError(told(at, kept, mount, context))
            .setUnbinds(
                kept != null
                    && target.primary()
                    && job.getKind() == JobKind.EXPORT_FILE
                    && !kept.getName().equals(target.name().name()))
            .setFilesFailed(job.getFiles()),
        job,
        context);
    if (kept != null) {
      again(job, kept, isToBeExported(inode, target, context), mount, context);
    }
    DirtyMarks marks = new DirtyMarks(mount, context);
    String why = "another object was there than the one known here, when job ";
    marks.mark(at, why + job.getId() + " was to change it");
    if (kept == null && job.getKind() == JobKind.UFS_RENAME) {
      marks.mark(job.getUfsPath(), "job " + job.getId() + " did not move it");
    }
  }

  /**
   * The file under the name at which it stays: another one if its own is the other object's. Null
   * where it does not have the name any more.
   */
  private static Inode keep(
      Job job, Inode inode, NamespaceView.Name of, Mount mount, Context context) {
    if (of == null || context.isDetached(of.parent())) {
      return null;
    }
    Inode file = inode.toBuilder().setParent(of.parent()).setName(of.name()).build();
    if (!context.mounts().ufsPath(mount, file).equals(JobsView.replacedPath(job))) {
      return file; // It was moved on meanwhile.
    }
    ByteString name = freeName(file, job, context);
    context.emit(
        Event.newBuilder()
            .setEntryRenamed(
                EntryRenamed.newBuilder()
                    .setInode(file.getId())
                    .setFromParent(file.getParent())
                    .setFromName(file.getName())
                    .setToParent(file.getParent())
                    .setToName(name)));
    return file.toBuilder().setName(name).build();
  }

  private static ByteString freeName(Inode file, Job job, Context context) {
    ByteString name = aside(file.getName(), job, context);
    ByteString free = name;
    for (int i = 1; context.namespace().childId(file.getParent(), free) != 0; i++) {
      free = withSuffix(file.getName(), suffix(job, context) + "-" + i);
    }
    return free;
  }

  /**
   * What the job was to do, at the name at which the file stays.
   *
   * @param written that has no object with the newest content: an export that waits behind a rename
   *     is for the former name
   */
  private static void again(Job job, Inode kept, boolean written, Mount mount, Context context) {
    Inode parent = context.namespace().require(kept.getParent());
    ByteString path = context.mounts().ufsPath(mount, parent, kept.getName());
    if (job.getKind() == JobKind.UFS_RENAME) {
      context.emitJob(
          mount,
          Job.newBuilder()
              .setKind(JobKind.UFS_RENAME)
              .setInode(kept.getId())
              .setHeir(job.getHeir())
              .setUfsPath(job.getUfsPath())
              .setUfsTargetPath(path)
              .setChecked(true));
    }
    boolean exports = job.getKind() == JobKind.EXPORT_FILE || written;
    long version = kept.getVersion();
    if (exports && context.jobs().export(mount.getId(), path, kept.getId(), version) == null) {
      Exports.exportTo(path, kept.getId(), version, mount, context);
    }
  }

  private static boolean isToBeExported(Inode file, JobTarget target, Context context) {
    long exported =
        target.primary()
            ? file.getExportedVersion()
            : context.namespace().linked(file.getId(), target.name()).getExportedVersion();
    return !file.hasLease() && exported < file.getVersion();
  }

  private static String told(ByteString at, Inode kept, Mount mount, Context context) {
    String object = "UFS_CONFLICT: " + full(mount, at) + " is another object at the UFS than here";
    if (kept == null) {
      return object + "; it stays as it is there";
    }
    Inode parent = context.namespace().require(kept.getParent());
    ByteString path = context.mounts().ufsPath(mount, parent, kept.getName());
    return object + "; it stays there, and what was written here is " + full(mount, path);
  }

  private static String full(Mount mount, ByteString path) {
    return (mount.getPath().equals("/") ? "" : mount.getPath()) + "/" + path.toStringUtf8();
  }

  /** Whether somebody has it open for writing and has not written yet. */
  static boolean isOpenAsItWas(Inode inode) {
    return inode.hasLease() && inode.getExportedVersion() == inode.getVersion();
  }

  /**
   * A rename moves a name and whatever has it. Where that was another object than the known one,
   * the file has its content now, unless it was written here: then the export that follows meets
   * it.
   */
  static void moved(FinishJob command, Job job, Inode inode, Context context) {
    if (!command.getOtherContent()
        || !command.hasUfs()
        || inode == null
        || !NamespaceView.isFile(inode)
        || inode.getExportedVersion() != inode.getVersion()) {
      return;
    }
    if (inode.hasLease()) {
      Mount mount = context.mounts().find(job.getMountId());
      if (mount != null && mount.getMode() == MountMode.CACHE) {
        new DirtyMarks(mount, context)
            .mark(
                JobsView.replacedPath(job),
                "job " + job.getId() + " moved another object there, and the file is open");
      }
    } else {
      context.emit(
          Event.newBuilder()
              .setFileContentChanged(
                  FileContentChanged.newBuilder()
                      .setInode(inode.getId())
                      .setVersion(context.newVersion())
                      .setUfs(command.getUfs())));
    }
  }

  /** A path or a name for what is kept, which leads to the job and to the time. */
  private static ByteString aside(ByteString path, Job job, Context context) {
    return withSuffix(path, suffix(job, context));
  }

  private static String suffix(Job job, Context context) {
    Instant now = Instant.ofEpochSecond(0, context.nowNanos());
    return ".conflict-" + TIME.format(now) + "-" + job.getId();
  }

  /** Cuts the name where it would be too long, between characters. */
  private static ByteString withSuffix(ByteString path, String suffix) {
    int nameAt = path.size();
    while (nameAt > 0 && path.byteAt(nameAt - 1) != '/') {
      nameAt--;
    }
    int end = Math.min(path.size(), nameAt + Limits.NAME_MAX_BYTES - suffix.length());
    while (end < path.size() && end > nameAt && (path.byteAt(end) & 0xC0) == 0x80) {
      end--;
    }
    return path.substring(0, end).concat(ByteString.copyFromUtf8(suffix));
  }
}
