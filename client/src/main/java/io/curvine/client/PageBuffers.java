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

/**
 * Aligned buffers of one page each for what was asked for ahead, and how much may be. Thread-safe.
 */
final class PageBuffers {
  private static final int FREE_MAX = 64;

  private final long maxBytes;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private long promisedBytes;

  PageBuffers(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** So many bytes may be asked for ahead; false where too many are already. */
  synchronized boolean promise(long bytes) {
    if (promisedBytes + bytes > maxBytes) {
      return false;
    }
    promisedBytes += bytes;
    return true;
  }

  /** What was promised has been used, or is not wanted any more. */
  synchronized void settle(long bytes) {
    promisedBytes -= bytes;
  }

  /** An empty buffer. */
  ByteBuffer take() {
    synchronized (this) {
      ByteBuffer buffer = free.pollLast();
      if (buffer != null) {
        return buffer.clear();
      }
    }
    return AlignedBuffers.allocate(Limits.PAGE_SIZE_BYTES);
  }

  synchronized void giveBack(ByteBuffer buffer) {
    if (free.size() < FREE_MAX) {
      free.addLast(buffer);
    }
  }
}
