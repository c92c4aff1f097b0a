/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import java.io.IOException;

/** A copy cannot go on until somebody has done something about it. */
final class MirrorHaltException extends IOException {
  private static final long serialVersionUID = 1L;

  private final MirrorProgress.State state;

  /** A gap, or a refusal. */
  MirrorHaltException(MirrorProgress.State state, String message) {
    super(message);
    this.state = state;
  }

  MirrorProgress.State state() {
    return state;
  }
}
