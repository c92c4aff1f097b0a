/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.KvWriter;

/** Writes single rows as a repair names them; keeps nothing else that depends on them. */
public final class RowsMutator {
  private final KvWriter writer;

  RowsMutator(KvWriter writer) {
    this.writer = writer;
  }

  /**
   * Puts a row.
   *
   * @param family its number
   * @param value as it is stored
   */
  public void put(int family, byte[] key, byte[] value) {
    put(family(family), key, value);
  }

  private <V> void put(ColumnFamily<V> family, byte[] key, byte[] value) {
    writer.put(family, Key.of(key), family.toValue(value));
  }

  /** Takes a row away. */
  public void remove(int family, byte[] key) {
    writer.delete(family(family), Key.of(key));
  }

  private static ColumnFamily<?> family(int number) {
    if (number < 0 || number >= ColumnFamily.count()) {
      throw new IllegalStateException("there is no column family " + number);
    }
    return ColumnFamily.all().get(number);
  }
}
