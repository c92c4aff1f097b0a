/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.SourceAdvanced;
import io.curvine.protocol.proto.SubtreeCleaned;
import io.curvine.protocol.proto.SubtreeDirtied;

/** Events of what keeps a namespace like its UFS. */
final class SyncAppliers {
  private SyncAppliers() {}

  static void advanced(SourceAdvanced event, MutableState state) {
    state.sync().put(event.getSource());
  }

  static void dirtied(SubtreeDirtied event, MutableState state) {
    state.sync().put(event.getSubtree());
  }

  static void cleaned(SubtreeCleaned event, MutableState state) {
    state.sync().clean(event.getMountId(), event.getPath());
  }
}
