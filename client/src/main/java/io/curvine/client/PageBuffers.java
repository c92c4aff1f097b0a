/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Direct buffers of one page each, aligned (reading into others costs more than twice as much), up
 * to a number of bytes. Thread-safe.
 */
final class PageBuffers {
  private static final int ALIGNMENT_BYTES = 4096;

  private final long max;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private long taken;

  PageBuffers(long bytes) {
    this.max = bytes / Limits.PAGE_SIZE_BYTES;
  }

  /** An empty buffer; null where all are taken. */
  synchronized ByteBuffer take() {
    if (taken >= max) {
      return null;
    }
    ByteBuffer buffer = free.pollLast();
    if (buffer == null) {
      buffer =
          ByteBuffer.allocateDirect(Limits.PAGE_SIZE_BYTES + ALIGNMENT_BYTES)
              .alignedSlice(ALIGNMENT_BYTES);
    }
    taken++;
    buffer.clear().limit(Limits.PAGE_SIZE_BYTES);
    return buffer;
  }

  synchronized void giveBack(ByteBuffer buffer) {
    taken--;
    free.addLast(buffer);
  }
}
