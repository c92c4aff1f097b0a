/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.worker.store.BlockKey;

/**
 * Hears of blocks that were made for a read, of which a policy wants more than was asked for.
 * Called on the threads of reads: it must not wait.
 */
public interface FillListener {
  /**
   * A read has made the block.
   *
   * @param wholeFile all of its file is wanted
   */
  void madeForRead(BlockKey block, boolean wholeFile);
}
