/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One page on its way into a buffer. Thread-safe. */
final class AheadPage implements Runnable {
  private final long number;
  private final FileContent content;
  private final PageBuffers pool;
  private final ByteBuffer buffer;
  private final CompletableFuture<Integer> loaded = new CompletableFuture<>();

  /** The window's and the fetching thread's. */
  private int references = 2;

  private boolean begun;
  private long version;

  AheadPage(long number, FileContent content, PageBuffers pool, ByteBuffer buffer) {
    this.number = number;
    this.content = content;
    this.pool = pool;
    this.buffer = buffer;
  }

  long number() {
    return number;
  }

  @Override
  public void run() {
    try {
      if (!claim()) {
        return;
      }
      version = content.version();
      int bytes = content.fetch(number * Limits.PAGE_SIZE_BYTES, buffer);
      loaded.complete(version == content.version() ? bytes : 0);
    } catch (IOException | RuntimeException e) {
      loaded.completeExceptionally(e);
    } finally {
      release();
    }
  }

  /** Who comes first fetches: the thread for it, or a reader who would wait for that thread. */
  private synchronized boolean claim() {
    boolean first = !begun;
    begun = true;
    return first;
  }

  /** What the page has from an offset on; 0: it is of no use, fetch directly. */
  int read(int offset, ByteBuffer into) throws IOException {
    if (claim()) {
      loaded.complete(0);
      return 0;
    }
    int bytes;
    try {
      bytes = loaded.get();
    } catch (InterruptedException e) {
      throw Pauses.interrupted(e);
    } catch (ExecutionException e) {
      // The reader asks again itself, and throws what it then gets.
      return 0;
    }
    if (offset >= bytes || version != content.version()) {
      return 0;
    }
    int length = Math.min(into.remaining(), bytes - offset);
    into.put(buffer.duplicate().limit(offset + length).position(offset));
    return length;
  }

  synchronized boolean retain() {
    if (references == 0) {
      return false;
    }
    references++;
    return true;
  }

  synchronized void release() {
    references--;
    if (references == 0) {
      pool.giveBack(buffer);
    }
  }

  /** It was never started. */
  void discard() {
    release();
    release();
  }
}
