/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.io.IOException;

/** What changes a block under its lock. */
interface BlockChange {
  void make(BlockPages pages) throws IOException;
}
