/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import java.io.IOException;
import java.time.Duration;

/**
 * An open change source of one mount. Used by one thread at a time, save {@link #close}, which
 * another may call and which ends a waiting {@link #poll}.
 *
 * <p>What it gives are hints, at least once each: they may come twice, late, and out of order. What
 * it knows to have missed it says as a gap; it never passes over it in silence.
 */
public interface ChangeSource extends AutoCloseable {
  /**
   * Waits for changes.
   *
   * @param wait how long at most; it returns as soon as there are any
   * @throws io.curvine.protocol.CurvineException UFS_UNREACHABLE or UFS_DENIED where the source
   *     cannot be asked; the next call tries again, from where the last batch ended
   */
  ChangeBatch poll(Duration wait) throws IOException, InterruptedException;

  /**
   * The batches up to the last one that {@link #poll} gave have had their effect, durably. A source
   * that keeps messages until they are confirmed lets them go.
   */
  default void confirm() throws IOException {}

  @Override
  void close();
}
