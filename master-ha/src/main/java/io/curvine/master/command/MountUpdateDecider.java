/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.MountsView;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountUpdated;
import io.curvine.protocol.proto.UpdateMount;
import io.curvine.protocol.proto.WritePolicy;
import java.util.HashSet;
import java.util.List;

/**
 * Changes settings of a mount. Where the new options differ, the leader has reached the UFS with
 * them before.
 */
final class MountUpdateDecider {
  private MountUpdateDecider() {}

  static void update(UpdateMount command, Context context) throws Refused {
    Mount before = MountDeciders.at(command.getPath().toStringUtf8(), context);
    if (command.getCheckedMountsVersion() != context.meta().get(Counter.MOUNTS_VERSION)) {
      throw new Refused(
          ErrorCode.MOUNT_CONFLICT,
          "another mount was made, changed or taken away while the UFS was looked at; try again");
    }
    for (String key : command.getChange().getUnsetOptionsList()) {
      if (!before.containsOptions(key) || command.getChange().containsOptions(key)) {
        throw new Refused(
            ErrorCode.INVALID_ARGUMENT,
            "option to unset is '"
                + key
                + "'; allowed: those that "
                + before.getPath()
                + " has,"
                + " and that are not set in the same change");
      }
    }
    Mount now = MountChanges.applied(before, command.getChange());
    MountDeciders.requireSane(now);
    requireSources(now.getSourcesList());
    requireStillFollowed(before, now, context);
    context.result().setMount(now.toBuilder().clearOptions());
    if (!now.equals(before)) {
      context.emit(Event.newBuilder().setMountUpdated(MountUpdated.newBuilder().setMount(now)));
    }
    PolicyDeciders.change(now.getRootInode(), command.getChange().getPolicy(), context);
  }

  private static void requireSources(List<String> kinds) throws Refused {
    if (new HashSet<>(kinds).size() < kinds.size()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, "sources are " + kinds + "; allowed: each kind once");
    }
  }

  /**
   * A change of who writes where must leave no name or content that the UFS was to get and never
   * will, and none that the UFS would be asked for and never had.
   */
  private static void requireStillFollowed(Mount before, Mount now, Context context)
      throws Refused {
    boolean everBefore = before.getWritePolicy() != WritePolicy.NEVER;
    boolean everNow = now.getWritePolicy() != WritePolicy.NEVER;
    if (now.getMode() == MountMode.FS && everBefore != everNow) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "write policy is "
              + now.getWritePolicy()
              + ", was "
              + before.getWritePolicy()
              + "; allowed in fs mode: between THROUGH and BACK, since names that the UFS has and"
              + " those that it never got cannot be told apart later");
    }
    if (MountsView.exports(before) && !MountsView.exports(now)) {
      requireQuiet(before, context);
    }
  }

  /** Nothing is on its way to the UFS, and nobody writes what would have to go there. */
  private static void requireQuiet(Mount mount, Context context) throws Refused {
    if (context.jobs().overlaps(mount.getId(), ByteString.EMPTY)) {
      throw new Refused(
          ErrorCode.FILE_BUSY,
          mount.getPath()
              + " has changes that the UFS does not have yet; it takes none when they are there:"
              + " try again then");
    }
    for (long session : context.sessions().all()) {
      for (long inode : context.sessions().leases(session)) {
        if (context.namespace().require(inode).getMountId() == mount.getId()) {
          throw new Refused(
              ErrorCode.FILE_BUSY,
              context.namespace().path(context.namespace().require(inode)).toStringUtf8()
                  + " is open for writing; allowed when nothing below "
                  + mount.getPath()
                  + " is");
        }
      }
    }
  }
}
