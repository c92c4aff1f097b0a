/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.WritePolicy;

/** Checks that several deciders share. */
final class Places {
  static final int MODE_MAX = 07777;

  private Places() {}

  /** Refuses a change under a mount that takes none. */
  static void requireWritable(int mountId, Context context) throws Refused {
    Mount mount = context.mounts().find(mountId);
    if (mount != null && !isWritable(mount)) {
      throw new Refused(ErrorCode.READ_ONLY, "the mount at " + mount.getPath() + " is read-only");
    }
  }

  /** Whether users may change what is under a mount. */
  static boolean isWritable(Mount mount) {
    boolean cacheOnly =
        mount.getMode() == MountMode.CACHE && mount.getWritePolicy() == WritePolicy.NEVER;
    return !mount.getReadOnly() && !cacheOnly;
  }

  static void requireFree(PathResolver.Place place) throws Refused {
    if (place.inode() != null) {
      throw new Refused(
          ErrorCode.ALREADY_EXISTS, "'" + place.name().toStringUtf8() + "' exists already");
    }
  }

  static void requireNotMountPoint(Inode inode, Context context) throws Refused {
    Mount mount = context.mounts().rootedAt(inode);
    if (mount != null) {
      throw new Refused(
          ErrorCode.MOUNT_CONFLICT, mount.getPath() + " is a mount point; unmount it first");
    }
  }

  static Inode requireFile(Inode inode, String what) throws Refused {
    if (NamespaceView.isDirectory(inode)) {
      throw new Refused(ErrorCode.IS_A_DIRECTORY, what + ": is a directory");
    }
    if (!NamespaceView.isFile(inode)) {
      throw new Refused(ErrorCode.INVALID_ARGUMENT, what + ": not a regular file");
    }
    return inode;
  }

  static int requireMode(int mode) throws Refused {
    if (mode < 0 || mode > MODE_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "mode is 0" + Integer.toOctalString(mode) + "; allowed: 0 to 07777");
    }
    return mode;
  }
}
