/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.TreeJob;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Work on UFSs that is not finished. As thread-safe as its reader. */
public final class JobsView {
  private final KvReader reader;

  JobsView(KvReader reader) {
    this.reader = reader;
  }

  /** The unfinished job, or null. */
  public Job find(long id) {
    return reader.get(ColumnFamily.JOBS, Keys.of(id));
  }

  /** The job if it failed for good and waits for somebody, else null. */
  public Job failed(long id) {
    return reader.get(ColumnFamily.FAILED_JOBS, Keys.of(id));
  }

  /** The job of a tree, or null. */
  public TreeJob tree(long id) {
    return reader.get(ColumnFamily.TREE_JOBS, Keys.of(id));
  }

  /** Visits jobs of trees by id until the visitor returns false. */
  public void scanTrees(Predicate<TreeJob> visitor) {
    reader.scan(ColumnFamily.TREE_JOBS, Keys.EMPTY, null, (key, value) -> visitor.test(value));
  }

  /** Visits jobs that failed for good by id until the visitor returns false. */
  public void scanFailed(long fromId, Predicate<Job> visitor) {
    reader.scan(
        ColumnFamily.FAILED_JOBS, Keys.of(fromId), null, (key, value) -> visitor.test(value));
  }

  /**
   * Whether the job changes something at a UFS. What does not waits for no other job, and none for
   * it.
   */
  public static boolean changesUfs(Job job) {
    return switch (job.getKind()) {
      case LOAD_FILE, LOAD_PARTS, FREE_PARTS -> false;
      default -> true;
    };
  }

  /** The paths at the UFS that the job touches: jobs on overlapping ones wait for each other. */
  public static List<ByteString> paths(Job job) {
    if (!changesUfs(job)) {
      return List.of();
    }
    return job.getKind() == JobKind.UFS_RENAME
        ? List.of(job.getUfsPath(), job.getUfsTargetPath())
        : List.of(job.getUfsPath());
  }

  /** Where the job deletes, replaces or makes something. */
  public static ByteString replacedPath(Job job) {
    return job.getKind() == JobKind.UFS_RENAME ? job.getUfsTargetPath() : job.getUfsPath();
  }

  /** The unfinished jobs that touch that path itself, by id. */
  public List<Job> at(int mountId, ByteString path) {
    List<Job> found = new ArrayList<>();
    Key prefix = Keys.jobPath(mountId, path);
    reader.scan(
        ColumnFamily.JOB_PATHS,
        prefix,
        Keys.after(prefix),
        (key, value) -> found.add(find(key.longAt(key.length() - 8))));
    return found;
  }

  /** The unfinished job that exports a file's version to a path, or null. */
  public Job export(int mountId, ByteString path, long inode, long version) {
    return at(mountId, path).stream()
        .filter(job -> job.getKind() == JobKind.EXPORT_FILE)
        .filter(job -> job.getInode() == inode && job.getVersion() == version)
        .findFirst()
        .orElse(null);
  }

  /** Visits unfinished jobs by id until the visitor returns false. */
  public void scan(long fromId, Predicate<Job> visitor) {
    reader.scan(ColumnFamily.JOBS, Keys.of(fromId), null, (key, value) -> visitor.test(value));
  }

  /** Whether a job of the mount touches the path, something above it or something below it. */
  public boolean overlaps(int mountId, ByteString path) {
    return overlapsBefore(mountId, path, Long.MAX_VALUE);
  }

  /** Whether a job of the mount touches the path, or something above it. */
  public boolean overlapsAtOrAbove(int mountId, ByteString path) {
    return atOrAboveBefore(mountId, path, Long.MAX_VALUE);
  }

  /** Whether a job of the mount touches the path, or something below it. */
  public boolean overlapsAtOrBelow(int mountId, ByteString path) {
    return anyAt(Keys.jobPath(mountId, path), Long.MAX_VALUE)
        || anyAt(Keys.jobPathsBelow(mountId, path), Long.MAX_VALUE);
  }

  /** Whether a job with a lower id must be done before this one. */
  public boolean isBehindAnother(Job job) {
    return paths(job).stream()
        .anyMatch(path -> overlapsBefore(job.getMountId(), path, job.getId()));
  }

  private boolean overlapsBefore(int mountId, ByteString path, long beforeId) {
    return atOrAboveBefore(mountId, path, beforeId)
        || anyAt(Keys.jobPathsBelow(mountId, path), beforeId);
  }

  private boolean atOrAboveBefore(int mountId, ByteString path, long beforeId) {
    for (int end = 0; end <= path.size(); end++) {
      boolean isAncestor = end == 0 || end == path.size() || path.byteAt(end) == '/';
      if (isAncestor && anyAt(Keys.jobPath(mountId, path.substring(0, end)), beforeId)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyAt(Key prefix, long beforeId) {
    boolean[] any = {false};
    reader.scan(
        ColumnFamily.JOB_PATHS,
        prefix,
        Keys.after(prefix),
        (key, value) -> {
          any[0] = key.longAt(key.length() - 8) < beforeId;
          return !any[0];
        });
    return any[0];
  }
}
