/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

/** Reads the state by key. */
public interface KvReader {
  /** The value, or null where there is none. */
  <V> V get(ColumnFamily<V> family, Key key);

  /**
   * Visits the keys of {@code [from, to)} in order until the visitor has enough. What the visitor
   * changes meanwhile is not visited.
   *
   * @param to exclusive; null: to the end of the family
   */
  <V> void scan(ColumnFamily<V> family, Key from, Key to, Visitor<V> visitor);

  /** Takes one key and its value; false: enough. */
  @FunctionalInterface
  interface Visitor<V> {
    boolean visit(Key key, V value);
  }
}
