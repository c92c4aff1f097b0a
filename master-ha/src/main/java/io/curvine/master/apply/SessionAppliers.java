/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.SessionClosed;
import io.curvine.protocol.proto.SessionOpened;

/** Events of sessions. */
final class SessionAppliers {
  private SessionAppliers() {}

  static void opened(SessionOpened event, MutableState state) {
    state.sessions().open(event.getSessionId(), event.getClientName());
  }

  static void closed(SessionClosed event, MutableState state) {
    for (long inode : event.getLeasesList()) {
      state.namespace().release(state.view().namespace().require(inode));
    }
    state.sessions().close(event.getSessionId());
  }
}
