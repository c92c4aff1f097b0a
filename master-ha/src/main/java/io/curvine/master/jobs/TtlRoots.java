/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.PolicyOfInode;
import java.util.HashMap;
import java.util.Map;

/**
 * Where policies say how long files live.
 *
 * @param millis for each inode with such a word of its own how long; 0: for ever, whatever is said
 *     above it
 */
record TtlRoots(Map<Long, Long> millis) {
  static TtlRoots find(StateView state) {
    Map<Long, Long> millis = new HashMap<>();
    for (PolicyOfInode own : state.policies().all()) {
      if (own.getPolicy().hasTtlMs() && !isGone(own.getInode(), state)) {
        millis.put(own.getInode(), own.getPolicy().getTtlMs());
      }
    }
    return new TtlRoots(millis);
  }

  private static boolean isGone(long id, StateView state) {
    Inode inode = state.namespace().find(id);
    return inode == null
        || state.isDetached(NamespaceView.isDirectory(inode) ? id : inode.getParent())
        || state.mounts().isInTrash(inode); // which keeps it for its own time
  }

  boolean has(long inode) {
    return millis.containsKey(inode);
  }
}
