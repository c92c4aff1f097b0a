/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A range of an object, which a store that can do so reads right into buffers. Not thread-safe. */
public abstract class UfsStream extends InputStream {
  private static final int CHUNK_BYTES = 64 << 10;

  /** For stores whose bytes come in arrays; null: not needed yet. */
  private byte[] chunk;

  /**
   * Reads what is there, at least a byte where there is room for one.
   *
   * @param into its position moves past the bytes
   * @return how many; -1: the range has no more
   */
  public int read(ByteBuffer into) throws IOException {
    if (chunk == null) {
      chunk = new byte[CHUNK_BYTES];
    }
    int count = read(chunk, 0, Math.min(CHUNK_BYTES, into.remaining()));
    if (count > 0) {
      into.put(chunk, 0, count);
    }
    return count;
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public abstract int read(byte[] target, int offset, int length) throws IOException;

  /** The bytes of another stream, which is closed with this one. */
  public static UfsStream of(InputStream in) {
    return new UfsStream() {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return in.read(target, offset, length);
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
