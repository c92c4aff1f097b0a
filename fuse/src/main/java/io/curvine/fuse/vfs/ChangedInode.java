/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;

/** Inodes whose attributes are changed where no master does it. */
public final class ChangedInode {
  private ChangedInode() {}

  /** The inode with what is set in a change, and the time of change that follows from it. */
  public static Inode.Builder of(Inode inode, SetAttributes change) {
    Inode.Builder changed =
        inode.toBuilder().setCtimeNanos(Clock.nowOrLater(inode.getCtimeNanos()));
    if (change.hasMode()) {
      changed.setMode(change.getMode());
    }
    if (change.hasUid()) {
      changed.setUid(change.getUid());
    }
    if (change.hasGid()) {
      changed.setGid(change.getGid());
    }
    if (change.hasAtimeNanos()) {
      changed.setAtimeNanos(change.getAtimeNanos());
    }
    if (change.hasMtimeNanos()) {
      changed.setMtimeNanos(change.getMtimeNanos());
    }
    return changed;
  }
}
