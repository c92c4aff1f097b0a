/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes and takes apart the keys of the column families. Numbers are big-endian. */
public final class Keys {
  /** The least of all keys, and that of a family with one value. */
  public static final Key EMPTY = new Key(new byte[0]);

  private Keys() {}

  public static Key of(long number) {
    return new Key(ByteBuffer.allocate(8).putLong(number).array());
  }

  public static Key of(int number) {
    return new Key(ByteBuffer.allocate(4).putInt(number).array());
  }

  public static Key of(long first, long second) {
    return new Key(ByteBuffer.allocate(16).putLong(first).putLong(second).array());
  }

  public static Key of(long first, int second) {
    return new Key(ByteBuffer.allocate(12).putLong(first).putInt(second).array());
  }

  public static Key of(long number, ByteString name) {
    byte[] key = new byte[8 + name.size()];
    ByteBuffer.wrap(key).putLong(number);
    name.copyTo(key, 8);
    return new Key(key);
  }

  /** Of {@link ColumnFamily#SOURCES} and {@link ColumnFamily#DIRTY}. */
  public static Key ofMount(int mountId, ByteString name) {
    byte[] key = new byte[4 + name.size()];
    ByteBuffer.wrap(key).putInt(mountId);
    name.copyTo(key, 4);
    return new Key(key);
  }

  public static Key of(String text) {
    return new Key(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of {@link ColumnFamily#LINKS}. */
  public static Key link(long inode, long parent, ByteString name) {
    byte[] key = new byte[16 + name.size()];
    ByteBuffer.wrap(key).putLong(inode).putLong(parent);
    name.copyTo(key, 16);
    return new Key(key);
  }

  /** Of {@link ColumnFamily#JOB_PATHS}: all jobs at exactly this path begin with it. */
  public static Key jobPath(int mountId, ByteString path) {
    return new Key(jobPath(mountId, path, (byte) 0, 0));
  }

  /** Of {@link ColumnFamily#JOB_PATHS}: all jobs below this path begin with it. */
  public static Key jobPathsBelow(int mountId, ByteString path) {
    return path.isEmpty() ? of(mountId) : new Key(jobPath(mountId, path, (byte) '/', 0));
  }

  /** Of {@link ColumnFamily#JOB_PATHS}. */
  public static Key jobPath(int mountId, ByteString path, long jobId) {
    byte[] key = jobPath(mountId, path, (byte) 0, 8);
    ByteBuffer.wrap(key, key.length - 8, 8).putLong(jobId);
    return new Key(key);
  }

  private static byte[] jobPath(int mountId, ByteString path, byte end, int moreBytes) {
    byte[] key = new byte[4 + path.size() + 1 + moreBytes];
    ByteBuffer.wrap(key).putInt(mountId);
    path.copyTo(key, 4);
    key[4 + path.size()] = end;
    return key;
  }

  /** Of {@link ColumnFamily#GROUP_OFFSETS}: all offsets of the group begin with it. */
  public static Key groupOffsets(String group) {
    return of(group + "\0");
  }

  /** Of {@link ColumnFamily#GROUP_OFFSETS}. */
  public static Key groupOffset(String group, String topic, int partition) {
    byte[] names = (group + "\0" + topic + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] key = Arrays.copyOf(names, names.length + Integer.BYTES);
    ByteBuffer.wrap(key, names.length, Integer.BYTES).putInt(partition);
    return new Key(key);
  }

  /** The group of a key of {@link ColumnFamily#GROUP_OFFSETS}. */
  public static String groupOf(Key offset) {
    int end = 0;
    while (offset.bytes()[end] != 0) {
      end++;
    }
    return new String(offset.bytes(), 0, end, StandardCharsets.UTF_8);
  }

  /** What of the key begins at the offset. */
  public static ByteString nameAt(Key key, int offset) {
    return ByteString.copyFrom(key.bytes(), offset, key.length() - offset);
  }

  /** The first key that is greater than all that begin with the prefix; null where none is. */
  public static Key after(Key prefix) {
    byte[] end = prefix.bytes().clone();
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xff) {
        end[i]++;
        return new Key(Arrays.copyOf(end, i + 1));
      }
    }
    return null;
  }

  /** The first key that is greater than this one. */
  public static Key successor(Key key) {
    return new Key(Arrays.copyOf(key.bytes(), key.length() + 1));
  }
}
