/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that end early when the client is closed. Thread-safe. */
final class Pauses {
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Waits.
   *
   * @throws IOException where the client is closed, or the thread is interrupted
   */
  void await(long nanos) throws IOException {
    try {
      if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
        throw new IOException("the client is closed");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  void close() {
    closed.countDown();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** The failure of a call whose thread was interrupted; the thread stays so. */
  static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("interrupted while waiting");
    failure.initCause(cause);
    return failure;
  }
}
