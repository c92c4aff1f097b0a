/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import java.util.Optional;

/**
 * Which name of its file a job at a UFS is for. A file may have several, each with an object of its
 * own, and jobs behind this one may carry the name on. Immutable.
 *
 * @param name as it is now; null: the file does not have it any more
 * @param primary whether it is the primary one
 * @param version of the object that the UFS should have of it, "" if none; empty: whichever it has
 *     is going to be deleted
 */
public record JobTarget(NamespaceView.Name name, boolean primary, Optional<String> version) {
  /** Of an unfinished job, and of one that failed for good. */
  public static JobTarget of(Job job, Inode file, Mount mount, StateView state) {
    boolean detached = state.isDetached(file.getParent());
    ByteString primaryPath = detached ? null : state.mounts().ufsPath(mount, file);
    if (file.getNlink() == 1 && detached) {
      return primary(file);
    }
    Carried carried = carried(job, state);
    if (carried.taker() != null) {
      return gone(carried.taker());
    }
    if (carried.path().equals(primaryPath)) {
      return primary(file);
    }
    NamespaceView.Name further = further(file, carried.path(), mount, state);
    if (further != null) {
      String version = versionAt(file, further, state.namespace());
      return new JobTarget(further, false, Optional.of(version));
    }
    // A rename that the UFS refused for good left the object of the only name where it was.
    return file.getNlink() == 1 ? primary(file) : new JobTarget(null, false, Optional.of(""));
  }

  /**
   * What becomes of the object that a job makes.
   *
   * @param path where the jobs behind move it
   * @param taker the first job behind that which deletes or replaces it; null: none
   */
  public record Carried(ByteString path, Job taker) {}

  /** By unfinished jobs. */
  public static Carried carried(Job job, StateView state) {
    ByteString path = JobsView.replacedPath(job);
    long after = job.getId();
    Job next = next(state, job.getMountId(), path, after);
    while (next != null && moves(next, path)) {
      path = next.getUfsTargetPath().concat(path.substring(next.getUfsPath().size()));
      after = next.getId();
      next = next(state, job.getMountId(), path, after);
    }
    return new Carried(path, next);
  }

  /** The version of the object that the UFS should have of one of the file's names; "": none. */
  public static String versionAt(Inode file, NamespaceView.Name name, NamespaceView namespace) {
    if (!name.equals(new NamespaceView.Name(file.getParent(), file.getName()))) {
      return namespace.linked(file.getId(), name).getUfs().getVersion();
    }
    return file.getUfs().getVersion();
  }

  private static JobTarget primary(Inode file) {
    NamespaceView.Name name = new NamespaceView.Name(file.getParent(), file.getName());
    return new JobTarget(name, true, Optional.of(file.getUfs().getVersion()));
  }

  /** The object is the one that the job behind deletes or replaces. */
  private static JobTarget gone(Job taker) {
    return new JobTarget(
        null, false, taker.getChecked() ? Optional.of(taker.getKnownVersion()) : Optional.empty());
  }

  private static NamespaceView.Name further(
      Inode file, ByteString path, Mount mount, StateView state) {
    for (NamespaceView.Name name : state.namespace().otherNames(file.getId(), Limits.LINK_MAX)) {
      if (!state.isDetached(name.parent())) {
        Inode parent = state.namespace().require(name.parent());
        if (state.mounts().ufsPath(mount, parent, name.name()).equals(path)) {
          return name;
        }
      }
    }
    return null;
  }

  /** The first job after another that moves, deletes or replaces what is at a path, or null. */
  private static Job next(StateView state, int mountId, ByteString path, long after) {
    Job first = null;
    for (int end = path.size(); end > 0; end--) {
      if (end < path.size() && path.byteAt(end) != '/') {
        continue;
      }
      for (Job job : state.jobs().at(mountId, path.substring(0, end))) {
        boolean earlier = first == null || job.getId() < first.getId();
        if (job.getId() > after && earlier && takes(job, path)) {
          first = job;
        }
      }
    }
    return first;
  }

  private static boolean takes(Job job, ByteString path) {
    return switch (job.getKind()) {
      case UFS_DELETE -> job.getUfsPath().equals(path) || job.getTree();
      case UFS_RENAME -> moves(job, path) || job.getUfsTargetPath().equals(path);
      default -> false;
    };
  }

  private static boolean moves(Job job, ByteString path) {
    return job.getKind() == JobKind.UFS_RENAME && isAtOrAbove(job.getUfsPath(), path);
  }

  private static boolean isAtOrAbove(ByteString above, ByteString path) {
    return path.startsWith(above)
        && (path.size() == above.size() || path.byteAt(above.size()) == '/');
  }
}
