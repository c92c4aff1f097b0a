/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.Counter;
import io.curvine.master.state.mutate.MutableState;
import io.curvine.master.state.view.MetaView;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.ClusterRestored;
import io.curvine.protocol.proto.LeadershipClaimed;

/** Events of the cluster itself. */
final class ClusterAppliers {
  private ClusterAppliers() {}

  static void formed(ClusterFormed event, MutableState state) {
    if (!state.view().meta().clusterId().isEmpty()) {
      throw new IllegalStateException("the cluster is formed already");
    }
    state.meta().clusterId(event.getClusterId());
    state.namespace().addRoot(event.getRoot());
  }

  /** The clients and the workers of the former cluster do not follow into the new one. */
  static void restored(ClusterRestored event, MutableState state) {
    MetaView meta = state.view().meta();
    if (!meta.clusterId().equals(event.getFromClusterId())
        || meta.nextOffset() != event.getAtOffset()) {
      throw new IllegalStateException(
          "cluster "
              + meta.clusterId()
              + " is not "
              + event.getFromClusterId()
              + " at offset "
              + event.getAtOffset());
    }
    for (long session : state.view().sessions().all()) {
      for (long inode : state.view().sessions().leases(session)) {
        state.namespace().release(state.view().namespace().require(inode));
      }
      state.sessions().close(session);
    }
    state.view().workers().all().forEach(state.workers()::remove);
    state.meta().clusterId(event.getClusterId());
  }

  static void claimed(LeadershipClaimed event, MutableState state) {
    if (event.getEpoch() != state.view().meta().get(Counter.EPOCH) + 1) {
      throw new IllegalStateException("epoch " + event.getEpoch() + " does not follow");
    }
    state.meta().set(Counter.EPOCH, event.getEpoch());
  }
}
