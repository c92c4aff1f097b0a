/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

/** Reads the state by key. Keys are ordered as unsigned bytes. */
public interface KvReader {
  /** The value, or null where there is none. The caller must not change it. */
  byte[] get(ColumnFamily family, byte[] key);

  /**
   * Visits the keys of {@code [from, to)} in order until the visitor has enough. What the visitor
   * changes meanwhile is not visited.
   *
   * @param to exclusive; null: to the end of the family
   */
  void scan(ColumnFamily family, byte[] from, byte[] to, Visitor visitor);

  /** Takes one key and its value; false: enough. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(byte[] key, byte[] value);
  }
}
