/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Counter;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;

/** Where a UFS has a file or a directory while renames are on their way there. */
public final class PresentObject {
  private PresentObject() {}

  /** The path in the mount; its primary name's, once all renames are done. */
  public static ByteString path(Inode inode, Mount mount, StateView state) {
    ByteString path = state.mounts().ufsPath(mount, inode);
    if (state.meta().get(Counter.JOB_COUNT) == 0 || state.isDetached(inode.getParent())) {
      return path;
    }
    Job bringer = bringer(inode, path, Long.MAX_VALUE, state);
    while (bringer != null) {
      path = bringer.getUfsPath().concat(path.substring(bringer.getUfsTargetPath().size()));
      bringer = bringer(inode, path, bringer.getId(), state);
    }
    return path;
  }

  /** The last rename before another job that is to bring the inode to a path, or null. */
  private static Job bringer(Inode inode, ByteString path, long before, StateView state) {
    Job last = null;
    for (int end = path.size(); end > 0; end--) {
      if (end < path.size() && path.byteAt(end) != '/') {
        continue;
      }
      ByteString at = path.substring(0, end);
      for (Job job : state.jobs().at(inode.getMountId(), at)) {
        boolean later = last == null || job.getId() > last.getId();
        boolean brings = job.getKind() == JobKind.UFS_RENAME && job.getUfsTargetPath().equals(at);
        if (job.getId() < before && later && brings) {
          last = job;
        }
      }
    }
    return last;
  }
}
