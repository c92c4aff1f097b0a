/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

/** Hears of blocks that come and go. Called on any thread, under locks: it must not block. */
public interface StoreListener {
  /** Others may read the block here from now on. */
  void added(BlockKey block);

  /** The block is no longer here. */
  void removed(BlockKey block);

  /** Hears nothing. */
  StoreListener NONE =
      new StoreListener() {
        @Override
        public void added(BlockKey block) {}

        @Override
        public void removed(BlockKey block) {}
      };
}
