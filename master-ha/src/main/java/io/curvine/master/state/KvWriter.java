/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

/** Writes the state by key. */
public interface KvWriter {
  <V> void put(ColumnFamily<V> family, Key key, V value);

  /** A key that is not there is no failure. */
  void delete(ColumnFamily<?> family, Key key);

  /**
   * Deletes the keys of {@code [from, to)}, however many: the database keeps one mark of them. Of a
   * family that is cached, the keys that are there are deleted one by one too.
   */
  void deleteRange(ColumnFamily<?> family, Key from, Key to);
}
