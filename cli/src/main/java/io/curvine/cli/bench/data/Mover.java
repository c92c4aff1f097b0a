/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import java.io.IOException;

/** Moves bytes, one request a call. For one thread. */
interface Mover extends AutoCloseable {
  /** Moves the bytes of one request; gives how many, 0 where there are no more. */
  int move() throws IOException;

  @Override
  void close() throws IOException;

  /** Makes one for a thread. */
  interface Factory {
    /**
     * @param thread counted from 0
     */
    Mover open(int thread) throws IOException;
  }
}
