/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.HardLinkMade;
import io.curvine.protocol.proto.Inode;

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
          .unlink(event.getToParent(), event.getToName(), event.getReplacedInode(), now);
    }
    Inode inode = state.view().namespace().require(event.getInode());
    state.namespace().leave(event.getFromParent(), event.getFromName(), inode, now);
    state.namespace().enter(event.getToParent(), event.getToName(), inode, now);
    Inode.Builder moved = inode.toBuilder().setCtimeNanos(now);
    if (inode.getParent() == event.getFromParent() && inode.getName().equals(event.getFromName())) {
      moved.setParent(event.getToParent()).setName(event.getToName());
    } else {
      state.namespace().removeOtherName(inode.getId(), event.getFromParent(), event.getFromName());
      state.namespace().addOtherName(inode.getId(), event.getToParent(), event.getToName());
    }
    state.namespace().put(moved.build());
  }

  static void deleted(EntryDeleted event, MutableState state, long now) {
    if (!event.getSubtree()) {
      state.namespace().unlink(event.getParent(), event.getName(), event.getInode(), now);
      return;
    }
    Inode directory = state.view().namespace().require(event.getInode());
    state.namespace().leave(event.getParent(), event.getName(), directory, now);
    state.reap().add(event.getInode());
  }
}
