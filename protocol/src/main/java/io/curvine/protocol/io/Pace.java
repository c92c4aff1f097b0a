/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import java.io.IOException;

/** How fast something long goes on, and whether it does. */
@FunctionalInterface
public interface Pace {
  /**
   * Waits until it may go on with so many bytes.
   *
   * @throws IOException where it is to go on no more
   */
  void await(long bytes) throws IOException;
}
