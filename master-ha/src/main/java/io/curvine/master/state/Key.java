/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A key of a column family, ordered as unsigned bytes. Immutable; made by {@link Keys}. */
public final class Key implements Comparable<Key> {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** 2^64 divided by the golden ratio, as in Fibonacci hashing. */
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final byte[] bytes;
  private final int hash;

  Key(byte[] bytes) {
    this.bytes = bytes;
    this.hash = hash(bytes);
  }

  /** Spreads numbers that follow one another, which the sum of {@link Arrays} does not. */
  private static int hash(byte[] bytes) {
    long hash = bytes.length;
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      hash = (hash ^ (long) WORDS.get(bytes, at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    for (; at < bytes.length; at++) {
      hash = (hash ^ bytes[at]) * MULTIPLIER;
    }
    return (int) (hash ^ (hash >>> 32));
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
    return (long) WORDS.get(bytes, offset);
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
