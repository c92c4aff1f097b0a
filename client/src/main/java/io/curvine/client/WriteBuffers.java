/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Direct buffers of a page for one writer, used again and again. For one thread at a time. */
final class WriteBuffers {
  private static final int FREE_MAX = 8;

  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  ByteBuffer take() {
    ByteBuffer buffer = free.pollLast();
    return buffer != null ? buffer.clear() : ByteBuffer.allocateDirect(Limits.PAGE_SIZE_BYTES);
  }

  /** Keeps what came from here; others are left to the garbage collector. */
  void giveBack(ByteBuffer buffer) {
    if (buffer.isDirect()
        && buffer.capacity() == Limits.PAGE_SIZE_BYTES
        && free.size() < FREE_MAX) {
      free.addLast(buffer);
    }
  }
}
