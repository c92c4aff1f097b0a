/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.JobsView;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.StateFinding;
import java.util.Optional;

/**
 * What has to hold of jobs and mounts, each row on its own. A job whose inode is gone is none of
 * it: what the job does at the UFS is done all the same. For one thread.
 */
final class WorkChecks {
  private final Rows rows;

  WorkChecks(Rows rows) {
    this.rows = rows;
  }

  /** A row of the unfinished jobs. */
  Optional<StateFinding> job(Key key, Job job) {
    if (JobsView.paths(job).isEmpty()) {
      return Optional.empty();
    }
    if (rows.view().mounts().find(job.getMountId()) == null) {
      return Optional.of(
          of(
              FindingKind.JOB_WITHOUT_MOUNT,
              ColumnFamily.JOBS,
              key,
              job.getInode(),
              "job " + job.getId() + " is of mount " + job.getMountId() + ", which there is not",
              // What it exports may be nowhere else.
              job.getKind() == JobKind.EXPORT_FILE ? "" : "the job is given up"));
    }
    return JobsView.paths(job).stream()
            .allMatch(path -> rows.has(ColumnFamily.JOB_PATHS, pathKey(job, path)))
        ? Optional.empty()
        : Optional.of(
            of(
                FindingKind.UNLISTED_JOB,
                ColumnFamily.JOBS,
                key,
                job.getInode(),
                "a path of job " + job.getId() + " is not in the index",
                "the index has it"));
  }

  static Key pathKey(Job job, ByteString path) {
    return Keys.jobPath(job.getMountId(), path, job.getId());
  }

  /** A row of the index of paths. */
  Optional<StateFinding> jobPath(Key key) {
    Job job =
        key.length() < Long.BYTES
            ? null
            : rows.get(ColumnFamily.JOBS, Keys.of(key.longAt(key.length() - Long.BYTES)));
    boolean listed =
        job != null
            && JobsView.paths(job).stream().anyMatch(path -> pathKey(job, path).equals(key));
    return listed
        ? Optional.empty()
        : Optional.of(
            of(
                FindingKind.STRAY_JOB_PATH,
                ColumnFamily.JOB_PATHS,
                key,
                0,
                "a path is said to be touched by a job that there is not",
                FileChecks.DROP_ROW));
  }

  /** A row of the mounts. */
  Optional<StateFinding> mount(Key key, Mount mount) {
    Inode root = rows.directory(mount.getRootInode());
    String name = "mount " + mount.getId() + " at " + mount.getPath();
    String text;
    String repair;
    if (root == null) {
      text = name + ": its root, inode " + mount.getRootInode() + ", is no directory";
      repair = "";
    } else if (root.getMountId() != mount.getId()) {
      text = name + ": its root says that its mount is " + root.getMountId();
      repair = "the root says that it is " + mount.getId();
    } else if (isElsewhere(root, mount)) {
      text = name + ": its root is at " + rows.path(root);
      repair = "the mount says so too";
    } else {
      return Optional.empty();
    }
    return Optional.of(
        of(
            FindingKind.MOUNT_WITHOUT_ROOT,
            ColumnFamily.MOUNTS,
            key,
            mount.getRootInode(),
            text,
            repair));
  }

  private boolean isElsewhere(Inode root, Mount mount) {
    ByteString path = rows.rawPath(root);
    return !path.isEmpty() && !path.toStringUtf8().equals(mount.getPath());
  }

  private static StateFinding of(
      FindingKind kind, ColumnFamily<?> family, Key key, long inode, String text, String repair) {
    return Findings.of(kind, family, key, inode, text, repair).build();
  }
}
