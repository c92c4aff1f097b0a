/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.proto.PastState;

/** Hears what it takes to look back. Called on the thread that waits. */
public interface PastListener {
  /** Hears nothing. */
  PastListener NONE =
      new PastListener() {
        @Override
        public void planned(PastState plan) {}

        @Override
        public void opening(PastState state) {}
      };

  /** Before a state is opened, or where it is open already. */
  void planned(PastState plan);

  /** While it is opened, every other second or so. */
  void opening(PastState state);
}
