/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Overlay;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The changes of one entry, as the database takes them and as they are kept in memory.
 *
 * <p>The batch is written in the database's own form (that of its write-ahead log, stable since
 * column families came): calls that add one change each cost more than all the rest of building it.
 * Not thread-safe.
 */
final class EntryWrites implements Overlay.ChangeVisitor {
  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final byte DELETE_RANGE = 0xE;
  private static final int COUNT_AT = 8;
  private static final int HEADER_BYTES = 12;
  private static final int FIRST_BYTES = 16 << 10;
  private static final int VARINT_MAX_BYTES = 5;

  /**
   * A change to what is kept in memory.
   *
   * @param value of a family that is whole in memory; as it is stored, of one that is cached; null
   *     where it was deleted
   */
  record HotChange(ColumnFamily<?> family, Key key, Object value) {}

  private final int[] familyIds;
  private final Overlay changes;
  private final List<HotChange> hot = new ArrayList<>();
  private byte[] batch = new byte[FIRST_BYTES];
  private int length = HEADER_BYTES;
  private int count;

  /**
   * Without any change yet.
   *
   * @param familyIds the database's number of each family, by the family's
   * @param changes those that will be visited
   */
  EntryWrites(int[] familyIds, Overlay changes) {
    this.familyIds = familyIds;
    this.changes = changes;
  }

  @Override
  public <V> void put(ColumnFamily<V> family, Key key, V value) {
    byte[] stored = family.toBytes(value);
    add(PUT, family, key.bytes(), stored);
    switch (family.kept()) {
      case IN_MEMORY -> hot.add(new HotChange(family, key, value));
      case CACHED -> hot.add(new HotChange(family, key, stored));
      case ON_DISK -> {}
    }
  }

  @Override
  public void delete(ColumnFamily<?> family, Key key) {
    if (!changes.inDeletedRange(family, key)) {
      add(DELETE, family, key.bytes(), null);
    }
    if (family.kept() != ColumnFamily.Kept.ON_DISK) {
      hot.add(new HotChange(family, key, null));
    }
  }

  @Override
  public void deleteRange(ColumnFamily<?> family, Key from, Key to) {
    // What is in memory is deleted key by key, see KvWriter.
    add(DELETE_RANGE, family, from.bytes(), to.bytes());
  }

  private void add(byte type, ColumnFamily<?> family, byte[] first, byte[] second) {
    int secondLength = second == null ? 0 : second.length;
    ensure(1 + 3 * VARINT_MAX_BYTES + first.length + secondLength);
    batch[length++] = type;
    varint(familyIds[family.number()]);
    bytes(first);
    if (second != null) {
      bytes(second);
    }
    count++;
  }

  private void ensure(int more) {
    if (batch.length - length < more) {
      batch = Arrays.copyOf(batch, Math.max(2 * batch.length, length + more));
    }
  }

  private void varint(int value) {
    int left = value;
    while ((left & ~0x7F) != 0) {
      batch[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    batch[length++] = (byte) left;
  }

  private void bytes(byte[] bytes) {
    varint(bytes.length);
    System.arraycopy(bytes, 0, batch, length, bytes.length);
    length += bytes.length;
  }

  /** Everything so far, as the database takes it. */
  byte[] batch() {
    byte[] all = Arrays.copyOf(batch, length);
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, count);
    return all;
  }

  /** What changes in memory once the database has the batch. */
  List<HotChange> hot() {
    return hot;
  }
}
