/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.AttributesSet;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.XattrRemoved;
import io.curvine.protocol.proto.XattrSet;

/** Events of attributes. */
final class AttributeAppliers {
  private AttributeAppliers() {}

  static void set(AttributesSet event, MutableState state, long now) {
    Inode.Builder inode =
        state.view().namespace().require(event.getInode()).toBuilder().setCtimeNanos(now);
    if (event.hasMode()) {
      inode.setMode(event.getMode());
    }
    if (event.hasUid()) {
      inode.setUid(event.getUid());
    }
    if (event.hasGid()) {
      inode.setGid(event.getGid());
    }
    if (event.hasAtimeNanos()) {
      inode.setAtimeNanos(event.getAtimeNanos());
    }
    if (event.hasMtimeNanos()) {
      inode.setMtimeNanos(event.getMtimeNanos());
    }
    state.namespace().put(inode.build());
  }

  static void xattrSet(XattrSet event, MutableState state, long now) {
    state.namespace().putXattr(event.getInode(), event.getName(), event.getValue());
    changed(event.getInode(), state, now);
  }

  static void xattrRemoved(XattrRemoved event, MutableState state, long now) {
    state.namespace().removeXattr(event.getInode(), event.getName());
    changed(event.getInode(), state, now);
  }

  private static void changed(long inode, MutableState state, long now) {
    state
        .namespace()
        .put(
            state.view().namespace().require(inode).toBuilder()
                .setHasXattrs(true)
                .setCtimeNanos(now)
                .build());
  }
}
