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

  /** The job if it is among the newest that failed for good, else null. */
  public Job failed(long id) {
    return reader.get(ColumnFamily.FAILED_JOBS, Keys.of(id));
  }

  /** Visits unfinished jobs by id until the visitor returns false. */
  public void scan(long fromId, Predicate<Job> visitor) {
    reader.scan(ColumnFamily.JOBS, Keys.of(fromId), null, (key, value) -> visitor.test(value));
  }

  /** Whether a job of the mount touches the path, something above it or something below it. */
  public boolean overlaps(int mountId, ByteString path) {
    return overlapsBefore(mountId, path, Long.MAX_VALUE);
  }

  /** Whether a job with a lower id must be done before this one. */
  public boolean isBehindAnother(Job job) {
    if (job.getKind() == JobKind.LOAD_FILE) {
      return false;
    }
    return overlapsBefore(job.getMountId(), job.getUfsPath(), job.getId())
        || (job.getKind() == JobKind.UFS_RENAME
            && overlapsBefore(job.getMountId(), job.getUfsTargetPath(), job.getId()));
  }

  private boolean overlapsBefore(int mountId, ByteString path, long beforeId) {
    for (int end = 0; end <= path.size(); end++) {
      boolean isAncestor = end == 0 || end == path.size() || path.byteAt(end) == '/';
      if (isAncestor && anyAt(Keys.jobPath(mountId, path.substring(0, end)), beforeId)) {
        return true;
      }
    }
    return anyAt(Keys.jobPathsBelow(mountId, path), beforeId);
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
