/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.FeedFloorRemoved;
import io.curvine.protocol.proto.FeedFloorSet;

/** Events of the feed's floors. */
final class FloorAppliers {
  private FloorAppliers() {}

  static void set(FeedFloorSet event, MutableState state) {
    state.floors().put(event.getFloor());
  }

  static void removed(FeedFloorRemoved event, MutableState state) {
    if (state.view().floors().find(event.getName()) == null) {
      throw new IllegalStateException("no floor " + event.getName());
    }
    state.floors().remove(event.getName());
  }
}
