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

/** Aligned buffers of one page each, up to a number of bytes. Thread-safe. */
final class PageBuffers {
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
      buffer = AlignedBuffers.allocate(Limits.PAGE_SIZE_BYTES);
    }
    taken++;
    buffer.clear();
    return buffer;
  }

  synchronized void giveBack(ByteBuffer buffer) {
    taken--;
    free.addLast(buffer);
  }
}
