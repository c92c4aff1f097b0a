/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.nio.ByteBuffer;

/**
 * The bytes of an object, made so that any part of them tells what it is of: cells of 16 bytes,
 * each of which has the hash of the key that it was made for, the number of the writing, the length
 * of all, and a checksum over these and its own place.
 */
public final class Content {
  /** Of an object, so that each has whole cells. */
  public static final int LENGTH_MIN_BYTES = 64;

  private static final int CELL_BYTES = 16;

  private Content() {}

  /**
   * What bytes say that they are of.
   *
   * @param origin hash of the key that the object was first written at
   * @param number of the writing, from 1; no two have the same
   * @param lengthBytes of the whole object
   */
  public record Stamp(int origin, int number, int lengthBytes) {
    /** Of a writing at a key. */
    public static Stamp of(String key, int number, int lengthBytes) {
      return new Stamp(key.hashCode(), number, lengthBytes);
    }

    /** The state of a key that has this object. */
    public ObjectState state() {
      return new ObjectState(number, lengthBytes);
    }
  }

  /** Bytes that are of no object, or of more than one. */
  public static final class TornException extends Exception {
    private static final long serialVersionUID = 1;

    TornException(String message) {
      super(message);
    }
  }

  /** All bytes of an object. */
  public static byte[] of(Stamp stamp) {
    return range(stamp, 0, stamp.lengthBytes());
  }

  private static byte[] range(Stamp stamp, long offset, int length) {
    int first = (int) (offset / CELL_BYTES);
    int skipped = (int) (offset % CELL_BYTES);
    int cells = (skipped + length + CELL_BYTES - 1) / CELL_BYTES;
    ByteBuffer all = ByteBuffer.allocate(cells * CELL_BYTES);
    for (int i = 0; i < cells; i++) {
      all.putInt(stamp.origin()).putInt(stamp.number()).putInt(stamp.lengthBytes());
      all.putInt(checksum(stamp, first + i));
    }
    byte[] range = new byte[length];
    all.get(skipped, range);
    return range;
  }

  private static int checksum(Stamp stamp, int cell) {
    long mixed = ((long) stamp.origin() << Integer.SIZE) ^ stamp.number();
    mixed = mix(mixed ^ mix(((long) stamp.lengthBytes() << Integer.SIZE) ^ cell));
    return (int) (mixed ^ (mixed >>> Integer.SIZE));
  }

  /** The finaliser of SplitMix64: a change of any bit changes about half of all. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /**
   * What a part of an object is of.
   *
   * @param bytes two cells' length or more
   * @param offset of the first of them in the object
   * @throws TornException where they are not all of one object and of that place
   */
  public static Stamp stamp(byte[] bytes, long offset) throws TornException {
    int at = (int) ((CELL_BYTES - offset % CELL_BYTES) % CELL_BYTES);
    if (at + CELL_BYTES > bytes.length) {
      throw new IllegalArgumentException(
          "bytes are " + bytes.length + "; allowed: " + 2 * CELL_BYTES + " or more");
    }
    ByteBuffer cell = ByteBuffer.wrap(bytes, at, CELL_BYTES);
    Stamp stamp = new Stamp(cell.getInt(), cell.getInt(), cell.getInt());
    byte[] expected = range(stamp, offset, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != expected[i]) {
        throw new TornException(
            "bytes from "
                + offset
                + " on are of "
                + stamp
                + ", but not so at "
                + (offset + i)
                + described(bytes, i, offset));
      }
    }
    if (offset + bytes.length > stamp.lengthBytes()) {
      throw new TornException(
          "bytes from " + offset + " to " + (offset + bytes.length) + " are of " + stamp);
    }
    return stamp;
  }

  /** What the cell after a place says, for whoever looks for the cause. */
  private static String described(byte[] bytes, int place, long offset) {
    int at = place + (int) ((CELL_BYTES - (offset + place) % CELL_BYTES) % CELL_BYTES);
    if (at + CELL_BYTES > bytes.length) {
      return "";
    }
    ByteBuffer cell = ByteBuffer.wrap(bytes, at, CELL_BYTES);
    return ", then " + new Stamp(cell.getInt(), cell.getInt(), cell.getInt());
  }
}
