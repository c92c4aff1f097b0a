/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.List;

/**
 * Which cached blocks of a directory go first. Not thread-safe: its directory guards it.
 *
 * <p>It only orders: what is in use stays whatever its place, and is passed over.
 */
interface EvictionPolicy {
  /**
   * The block may be evicted from now on, or its size has changed.
   *
   * @param bytes that it takes
   */
  void put(Block block, long bytes);

  /** It was read or written. */
  void touch(Block block);

  /** It may not be evicted, or is gone. */
  void remove(Block block);

  /** All that may be evicted, in the order in which they should go. */
  List<Block> inOrder();
}
