/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

/** Writes the state by key. */
public interface KvWriter {
  void put(ColumnFamily family, byte[] key, byte[] value);

  /** A key that is not there is no failure. */
  void delete(ColumnFamily family, byte[] key);
}
