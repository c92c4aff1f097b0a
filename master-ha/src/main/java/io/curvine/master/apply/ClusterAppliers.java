/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.Counter;
import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.ClusterFormed;
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

  static void claimed(LeadershipClaimed event, MutableState state) {
    if (event.getEpoch() != state.view().meta().get(Counter.EPOCH) + 1) {
      throw new IllegalStateException("epoch " + event.getEpoch() + " does not follow");
    }
    state.meta().set(Counter.EPOCH, event.getEpoch());
  }
}
