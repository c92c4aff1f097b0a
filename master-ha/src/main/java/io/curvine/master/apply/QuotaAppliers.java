/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.QuotaCorrected;

/** Events of quotas. */
final class QuotaAppliers {
  private QuotaAppliers() {}

  static void corrected(QuotaCorrected event, MutableState state) {
    Quota quota = state.view().quotas().find(event.getInode());
    if (quota == null) {
      throw new IllegalStateException("inode " + event.getInode() + " has no quota");
    }
    state
        .quotas()
        .put(
            quota.toBuilder()
                .setUsedBytes(quota.getUsedBytes() + event.getAddBytes())
                .setUsedInodes(quota.getUsedInodes() + event.getAddInodes())
                .setCounting(false)
                .setCorrected(state.view().meta().nextOffset() + 1)
                .build());
  }
}
