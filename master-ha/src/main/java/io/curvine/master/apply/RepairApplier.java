/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.RowChange;
import io.curvine.protocol.proto.StateRepaired;

/** Rows that an operator had mended. */
final class RepairApplier {
  private RepairApplier() {}

  static void repaired(StateRepaired event, MutableState state) {
    for (RowChange row : event.getRowsList()) {
      byte[] key = row.getKey().toByteArray();
      if (row.getRemoved()) {
        state.rows().remove(row.getFamily(), key);
      } else {
        state.rows().put(row.getFamily(), key, row.getValue().toByteArray());
      }
    }
  }
}
