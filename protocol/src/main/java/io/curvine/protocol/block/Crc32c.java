/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C of bytes, and of bytes whose parts' checksums are known already. Stateless.
 *
 * <p>Joining is multiplication of polynomials over GF(2): the checksum of {@code A} followed by
 * {@code B} is {@code crc(A) * x^(8 * length(B)) + crc(B)} modulo the CRC's polynomial (Mark
 * Adler's {@code crc32_combine} in zlib).
 */
public final class Crc32c {
  /** Castagnoli's polynomial, bits reversed. */
  private static final int POLYNOMIAL = 0x82F63B78;

  private static final int ONE = 1 << 31;

  /** {@code x^(2^n)}. */
  private static final int[] SQUARES = new int[32];

  /** The product of a byte at each of four places with {@code x^(8 * CHUNK_BYTES)}. */
  private static final int[][] CHUNK_SHIFT = new int[4][256];

  static {
    int power = ONE >>> 1; // x^1
    for (int n = 0; n < SQUARES.length; n++) {
      SQUARES[n] = power;
      power = multiply(power, power);
    }
    int chunk = shift(BlockFileFormat.CHUNK_BYTES);
    for (int place = 0; place < 4; place++) {
      for (int value = 0; value < 256; value++) {
        CHUNK_SHIFT[place][value] = multiply(chunk, value << (8 * place));
      }
    }
  }

  private Crc32c() {}

  /** Of the bytes from the position to the limit, which stay as they are. */
  public static int of(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return (int) checksum.getValue();
  }

  /** Of some bytes followed by {@code length} others, from the checksums of both. */
  public static int join(int first, int second, int length) {
    int shifted =
        length == BlockFileFormat.CHUNK_BYTES
            ? shiftByChunk(first)
            : multiply(shift(length), first);
    return shifted ^ second;
  }

  private static int shiftByChunk(int crc) {
    return CHUNK_SHIFT[0][crc & 0xff]
        ^ CHUNK_SHIFT[1][crc >>> 8 & 0xff]
        ^ CHUNK_SHIFT[2][crc >>> 16 & 0xff]
        ^ CHUNK_SHIFT[3][crc >>> 24];
  }

  /** {@code x^(8 * bytes)}. */
  private static int shift(int bytes) {
    int product = ONE;
    long bits = 8L * bytes;
    for (int n = 0; bits != 0; n++, bits >>>= 1) {
      if ((bits & 1) != 0) {
        product = multiply(SQUARES[n & 31], product);
      }
    }
    return product;
  }

  private static int multiply(int a, int b) {
    int product = 0;
    int factor = b;
    for (int bit = ONE; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= factor;
      }
      factor = (factor & 1) != 0 ? factor >>> 1 ^ POLYNOMIAL : factor >>> 1;
    }
    return product;
  }
}
