/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import com.google.protobuf.ByteString;
import io.curvine.master.state.mutate.MutableState;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.DirectoryLoaded;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountUpdated;
import io.curvine.protocol.proto.UfsMounted;
import io.curvine.protocol.proto.UfsUnmounted;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events of the mount table. */
final class MountAppliers {
  private MountAppliers() {}

  static void mounted(UfsMounted event, MutableState state, long now) {
    if (event.getMadeRoot()) {
      state.namespace().add(event.getRoot(), now);
    } else {
      state.namespace().put(event.getRoot());
      state.namespace().removeLoaded(event.getRoot().getId());
    }
    state.mounts().put(event.getMount());
  }

  /** A source that is taken away and given again begins anew. */
  static void updated(MountUpdated event, MutableState state) {
    Mount mount = event.getMount();
    for (String kind : state.view().mounts().find(mount.getId()).getSourcesList()) {
      FollowedSource source = state.view().sync().source(mount.getId(), kind);
      if (source != null && !mount.getSourcesList().contains(kind)) {
        state.sync().forget(source);
      }
    }
    state.mounts().put(mount);
  }

  static void unmounted(UfsUnmounted event, MutableState state, long now) {
    state.mounts().remove(event.getMountId());
    state.sync().forget(event.getMountId(), state.view().sync());
    Inode root = state.view().namespace().require(event.getRootInode());
    if (event.getKeepRoot()) {
      detachChildren(root, state, now);
      state.namespace().removeLoaded(root.getId());
      state
          .namespace()
          .put(
              state.view().namespace().require(root.getId()).toBuilder()
                  .clearMountId()
                  .clearNamesLoaded()
                  .clearUfs()
                  .setNlink(2)
                  .build());
    } else {
      state.quotas().keepCounting(root.getId(), root.getParent());
      state.namespace().leave(root.getParent(), root.getName(), root, now);
      state.reap().add(root.getId());
    }
  }

  private static void detachChildren(Inode root, MutableState state, long now) {
    Map<ByteString, Long> children = new LinkedHashMap<>();
    state
        .view()
        .namespace()
        .children(
            root.getId(),
            ByteString.EMPTY,
            (name, inode) -> {
              children.put(name, inode);
              return true;
            });
    children.forEach(
        (name, id) -> {
          Inode child = state.view().namespace().require(id);
          if (NamespaceView.isDirectory(child)) {
            state.quotas().keepCounting(id, root.getId());
            state.namespace().leave(root.getId(), name, child, now);
            state.reap().add(id);
          } else {
            state.namespace().unlink(root.getId(), name, id, false, now);
          }
        });
  }

  static void loaded(DirectoryLoaded event, MutableState state) {
    Inode directory = state.view().namespace().require(event.getInode());
    state.namespace().put(directory.toBuilder().setNamesLoaded(true).build());
    state.namespace().addLoaded(directory.getId());
  }
}
