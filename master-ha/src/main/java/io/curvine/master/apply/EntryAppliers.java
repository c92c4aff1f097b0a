/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.UsageWalk;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.HardLinkMade;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.LinkedName;

/** Events of names. */
final class EntryAppliers {
  private EntryAppliers() {}

  static void linked(HardLinkMade event, MutableState state, long now) {
    Inode inode = state.view().namespace().require(event.getInode());
    state.namespace().enter(event.getParent(), event.getName(), inode, now);
    state.namespace().addOtherName(inode.getId(), event.getParent(), event.getName());
    state
        .namespace()
        .put(inode.toBuilder().setNlink(inode.getNlink() + 1).setCtimeNanos(now).build());
  }

  static void renamed(EntryRenamed event, MutableState state, long now) {
    if (event.getReplacedInode() != 0) {
      state
          .namespace()
          .unlink(
              event.getToParent(),
              event.getToName(),
              event.getReplacedInode(),
              event.getReplacedMoves(),
              now);
    }
    Inode inode = state.view().namespace().require(event.getInode());
    state.namespace().leave(event.getFromParent(), event.getFromName(), inode, now);
    state.namespace().enter(event.getToParent(), event.getToName(), inode, now);
    Inode.Builder moved = inode.toBuilder().setCtimeNanos(now);
    if (inode.getParent() == event.getFromParent() && inode.getName().equals(event.getFromName())) {
      moved.setParent(event.getToParent()).setName(event.getToName());
      recount(event, inode, state);
    } else {
      NamespaceView.Name from = new NamespaceView.Name(event.getFromParent(), event.getFromName());
      LinkedName object = state.view().namespace().linked(inode.getId(), from);
      state.namespace().removeOtherName(inode.getId(), from.parent(), from.name());
      state.namespace().putOtherName(inode.getId(), event.getToParent(), event.getToName(), object);
    }
    state.namespace().put(moved.build());
  }

  /**
   * What moves counts elsewhere; the event says how much is below a directory where that matters.
   */
  private static void recount(EntryRenamed event, Inode moved, MutableState state) {
    long bytes = UsageWalk.bytesOf(moved) + event.getTreeBytes();
    long inodes = 1 + event.getTreeInodes();
    state.quotas().charge(event.getFromParent(), -bytes, -inodes);
    state.quotas().charge(event.getToParent(), bytes, inodes);
  }

  static void deleted(EntryDeleted event, MutableState state, long now) {
    if (!event.getSubtree()) {
      state
          .namespace()
          .unlink(
              event.getParent(), event.getName(), event.getInode(), event.getObjectMoves(), now);
      return;
    }
    if (event.getCounted()) {
      state.quotas().charge(event.getParent(), -event.getTreeBytes(), -1 - event.getTreeInodes());
    } else {
      state.quotas().keepCounting(event.getInode(), event.getParent());
    }
    Inode directory = state.view().namespace().require(event.getInode());
    state.namespace().leave(event.getParent(), event.getName(), directory, now);
    state.reap().add(event.getInode());
  }
}
