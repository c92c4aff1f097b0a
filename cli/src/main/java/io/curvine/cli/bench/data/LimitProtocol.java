/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * What the limits' server understands: requests of 16 bytes, big-endian: operation i32, bytes i32,
 * offset i64. The least that can be asked and answered.
 */
final class LimitProtocol {
  static final int REQUEST_BYTES = 16;

  /** Answered with that part of the file, by sendfile. */
  static final int FILE = 1;

  /** Answered with so many bytes from memory. */
  static final int MEMORY = 2;

  /** So many bytes follow; they are written to a file, and 8 bytes come back. */
  static final int WRITE = 3;

  static final int ACKNOWLEDGEMENT_BYTES = 8;

  private LimitProtocol() {}

  /** Fills the buffer; false where the other end has closed before. */
  static boolean fill(SocketChannel from, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (from.read(into) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Writes all that the buffer has. */
  static void drain(ByteBuffer from, SocketChannel to) throws IOException {
    while (from.hasRemaining()) {
      to.write(from);
    }
  }
}
