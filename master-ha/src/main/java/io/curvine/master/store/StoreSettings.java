/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

/**
 * Memory of the state, whatever the number of inodes.
 *
 * @param cacheBytes of inodes and names as objects, on the heap, as estimated
 * @param blockCacheBytes of the database's blocks, indexes and filters
 * @param writeBufferBytes of what the database has not written to a table yet
 */
public record StoreSettings(long cacheBytes, long blockCacheBytes, long writeBufferBytes) {
  /** For a small machine and for tests. */
  public static StoreSettings defaults() {
    return new StoreSettings(160L << 20, 64L << 20, 64L << 20);
  }
}
