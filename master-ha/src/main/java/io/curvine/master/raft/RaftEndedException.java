/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;

/** The server of Raft has closed itself; the cause may be that this master was removed. */
public final class RaftEndedException extends IOException {
  private static final long serialVersionUID = 1L;

  RaftEndedException(String message) {
    super(message);
  }
}
