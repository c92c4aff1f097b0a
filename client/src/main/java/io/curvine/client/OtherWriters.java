/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for files that other clients write, which are asked to give way. Thread-safe. */
final class OtherWriters {
  /** Shorter than what a holder that gave way leaves to others before it takes the file again. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Namespace namespace;
  private final Pauses pauses;

  OtherWriters(Namespace namespace, Pauses pauses) {
    this.namespace = namespace;
    this.pauses = pauses;
  }

  /** A call that is refused with FILE_BUSY while another client writes the file. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /**
   * Calls until it is no longer refused.
   *
   * @throws CurvineException FILE_BUSY where the patience is over first
   */
  <T> T await(EntryRef file, Duration patience, Call<T> call) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return call.run();
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.FILE_BUSY || System.nanoTime() - deadline >= 0) {
          throw e;
        }
      }
      ask(file);
    }
  }

  /** Asks once, and pauses. */
  void ask(EntryRef file) throws IOException {
    try {
      namespace.wantLease(file);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.UNSUPPORTED) { // masters of an older build: one can only wait
        throw e;
      }
    }
    pauses.await(PAUSE_NANOS);
  }
}
