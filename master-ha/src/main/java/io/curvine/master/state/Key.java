/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A key of a column family, ordered as unsigned bytes. Immutable; made by {@link Keys}. */
public final class Key implements Comparable<Key> {
  private final byte[] bytes;
  private final int hash;

  Key(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** The key that these bytes are; they are the key's from here on. */
  public static Key of(byte[] bytes) {
    return new Key(bytes);
  }

  /** As it is stored; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number at a byte offset. */
  public long longAt(int offset) {
    return ByteBuffer.wrap(bytes).getLong(offset);
  }

  /** The number at a byte offset. */
  public int intAt(int offset) {
    return ByteBuffer.wrap(bytes).getInt(offset);
  }

  public int length() {
    return bytes.length;
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that && hash == that.hash && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(bytes);
  }
}
