/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import io.curvine.protocol.io.AlignedBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Direct buffers for the requests of one writer, used again. For one thread at a time. */
final class WriteBuffers {
  /** Of each. */
  static final int BYTES = Limits.PAGE_SIZE_BYTES;

  private static final int FREE_MAX = 8;

  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  ByteBuffer take() {
    ByteBuffer buffer = free.pollLast();
    return buffer != null ? buffer.clear() : AlignedBuffers.allocate(BYTES);
  }

  /** Keeps what came from here; others are left to the garbage collector. */
  void giveBack(ByteBuffer buffer) {
    if (buffer.isDirect() && buffer.capacity() == BYTES && free.size() < FREE_MAX) {
      free.addLast(buffer);
    }
  }
}
