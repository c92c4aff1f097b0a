/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.snapshot.SnapshotFiles;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * SHA-256 over keys in order, each with its value, both after their length in 4 bytes, big-endian.
 * Not thread-safe.
 */
final class KeyHash {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int LENGTH_BYTES = 4;

  private final MessageDigest digest = SnapshotFiles.sha256();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int used;
  private long keys;
  private long bytes;

  void add(byte[] key, byte[] value) {
    keys++;
    bytes += key.length + value.length;
    part(key);
    part(value);
  }

  private void part(byte[] part) {
    if (used + LENGTH_BYTES + part.length > BUFFER_BYTES) {
      flush();
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
      buffer[used++] = (byte) (part.length >>> shift);
    }
    if (part.length > BUFFER_BYTES - LENGTH_BYTES) {
      flush();
      digest.update(part);
      return;
    }
    System.arraycopy(part, 0, buffer, used, part.length);
    used += part.length;
  }

  private void flush() {
    digest.update(buffer, 0, used);
    used = 0;
  }

  long keys() {
    return keys;
  }

  long bytes() {
    return bytes;
  }

  /** The digest so far, 64 hexadecimal digits; the next one begins anew. */
  String finish() {
    flush();
    keys = 0;
    bytes = 0;
    return HexFormat.of().formatHex(digest.digest());
  }
}
