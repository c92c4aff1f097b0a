/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.Arrays;
import java.util.zip.CRC32;

/** Bytes that steps write, and how bytes that are read are told. */
final class Content {
  private static final int RUNS_MAX = 6;
  private static final int NOT_ZERO = 255;

  private Content() {}

  /** Bytes of which none is zero, so that holes show; another salt gives others everywhere. */
  static byte[] of(int salt, int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      int mixed = salt * 31 + i + (i >>> 8) * 17 + (i >>> 16) * 29;
      content[i] = (byte) (1 + Math.floorMod(mixed, NOT_ZERO));
    }
    return content;
  }

  /** Length and checksum, and the first places where holes begin and end. */
  static String describe(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    StringBuilder text = new StringBuilder();
    text.append(length).append(" bytes, crc ").append(Long.toHexString(checksum.getValue()));
    int at = 0;
    for (int run = 0; run < RUNS_MAX && at < length; run++) {
      int end = endOfRun(bytes, at, length);
      text.append(bytes[at] == 0 ? ", zeros to " : ", data to ").append(end);
      at = end;
    }
    return text.toString();
  }

  private static int endOfRun(byte[] bytes, int from, int length) {
    int at = from;
    while (at < length && (bytes[at] == 0) == (bytes[from] == 0)) {
      at++;
    }
    return at;
  }

  static String describe(byte[] bytes) {
    return describe(bytes, bytes.length);
  }

  /** Short values are shown as they are. */
  static String value(byte[] bytes, int length) {
    return Arrays.toString(Arrays.copyOf(bytes, Math.min(length, 8)))
        + " "
        + describe(bytes, length);
  }
}
