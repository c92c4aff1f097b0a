/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

/**
 * Memory of the state, whatever the number of inodes.
 *
 * @param cacheBytes of inodes and names, on the heap; 0: none
 * @param blockCacheBytes of the database's blocks, indexes and filters
 * @param writeBufferBytes of what the database has not written to a table yet
 * @param compactLater not before {@link StateStore#compactFromNowOn}: a start has better to do
 */
public record StoreSettings(
    long cacheBytes, long blockCacheBytes, long writeBufferBytes, boolean compactLater) {
  /** As little as is of use, for tests. */
  public static StoreSettings small() {
    return new StoreSettings(2L << 20, 8L << 20, 16L << 20, false);
  }
}
