/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.CliException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * The content of objects: each is one long pattern from a place of its own on, so that a byte of
 * another object or of another place is seen. Stateless.
 */
final class ObjectBytes {
  /** Odd, so that no two pages of an object are the same. */
  private static final int PATTERN_BYTES = (1 << 20) + 7;

  /** What can be compared in one go. */
  static final int CHUNK_BYTES = 1 << 20;

  private static final long STEP_BYTES = 7_919;
  private static final byte[] PATTERN = pattern();

  private ObjectBytes() {}

  private static byte[] pattern() {
    byte[] bytes = new byte[PATTERN_BYTES];
    new Random(1).nextBytes(bytes);
    byte[] twice = Arrays.copyOf(bytes, PATTERN_BYTES + CHUNK_BYTES);
    System.arraycopy(bytes, 0, twice, PATTERN_BYTES, CHUNK_BYTES);
    return twice;
  }

  private static int place(long object, long position) {
    return (int) Math.floorMod(object * STEP_BYTES + position, (long) PATTERN_BYTES);
  }

  /**
   * Compares a part of an object.
   *
   * @param length of the part, from the beginning of {@code got}; up to {@link #CHUNK_BYTES}
   * @throws CliException where it is other bytes
   */
  static void check(long object, long position, byte[] got, int length) throws CliException {
    int from = place(object, position);
    int wrong = Arrays.mismatch(got, 0, length, PATTERN, from, from + length);
    if (wrong >= 0) {
      throw new CliException(
          "object " + object + " has other bytes than were written at " + (position + wrong));
    }
  }

  /** The bytes of an object. */
  static InputStream stream(long object, long length) {
    return new InputStream() {
      private long at;

      @Override
      public int read() {
        return at == length ? -1 : PATTERN[place(object, at++)] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int count) {
        if (at == length && count > 0) {
          return -1;
        }
        int taken = (int) Math.min(Math.min(count, CHUNK_BYTES), length - at);
        System.arraycopy(PATTERN, place(object, at), into, offset, taken);
        at += taken;
        return taken;
      }
    };
  }
}
