/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Makes and takes apart the keys of the column families. Numbers are big-endian. */
public final class Keys {
  /** For families that are sets. */
  public static final byte[] NOTHING = new byte[0];

  private Keys() {}

  public static byte[] of(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  public static byte[] of(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  public static byte[] of(long first, long second) {
    return ByteBuffer.allocate(16).putLong(first).putLong(second).array();
  }

  public static byte[] of(long first, int second) {
    return ByteBuffer.allocate(12).putLong(first).putInt(second).array();
  }

  public static byte[] of(long number, ByteString name) {
    byte[] key = new byte[8 + name.size()];
    ByteBuffer.wrap(key).putLong(number);
    name.copyTo(key, 8);
    return key;
  }

  /** Of {@link ColumnFamily#LINKS}. */
  public static byte[] link(long inode, long parent, ByteString name) {
    byte[] key = new byte[16 + name.size()];
    ByteBuffer.wrap(key).putLong(inode).putLong(parent);
    name.copyTo(key, 16);
    return key;
  }

  /** Of {@link ColumnFamily#JOB_PATHS}: all jobs at exactly this path begin with it. */
  public static byte[] jobPath(int mountId, ByteString path) {
    byte[] key = new byte[4 + path.size() + 1];
    ByteBuffer.wrap(key).putInt(mountId);
    path.copyTo(key, 4);
    return key;
  }

  /** Of {@link ColumnFamily#JOB_PATHS}. */
  public static byte[] jobPath(int mountId, ByteString path, long jobId) {
    byte[] prefix = jobPath(mountId, path);
    byte[] key = Arrays.copyOf(prefix, prefix.length + 8);
    ByteBuffer.wrap(key, prefix.length, 8).putLong(jobId);
    return key;
  }

  /** The number at a byte offset of a key. */
  public static long longAt(byte[] key, int offset) {
    return ByteBuffer.wrap(key).getLong(offset);
  }

  public static int intAt(byte[] key, int offset) {
    return ByteBuffer.wrap(key).getInt(offset);
  }

  /** What of the key begins at the offset. */
  public static ByteString nameAt(byte[] key, int offset) {
    return ByteString.copyFrom(key, offset, key.length - offset);
  }

  /** The first key that is greater than all that begin with the prefix; null where none is. */
  public static byte[] after(byte[] prefix) {
    byte[] end = prefix.clone();
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xff) {
        end[i]++;
        return Arrays.copyOf(end, i + 1);
      }
    }
    return null;
  }

  /** The first key that is greater than this one. */
  public static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
