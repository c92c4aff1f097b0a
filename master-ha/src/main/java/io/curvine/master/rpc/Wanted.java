/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether somebody waits for long work: who does asks again and again. Thread-safe. */
final class Wanted {
  /** More than any request waits, and the way of the next. */
  static final Duration ABANDONED_AFTER = Duration.ofSeconds(40);

  private final LongSupplier clockNanos;
  private volatile long askedNanos;

  /**
   * Wanted as of now.
   *
   * @param clockNanos as {@link System#nanoTime}
   */
  Wanted(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
    this.askedNanos = clockNanos.getAsLong();
  }

  void asked() {
    askedNanos = clockNanos.getAsLong();
  }

  /** Ends work that nobody waits for any more. */
  void require() throws CurvineException {
    if (clockNanos.getAsLong() - askedNanos > ABANDONED_AFTER.toNanos()) {
      throw new CurvineException(
          ErrorCode.NOT_READY,
          "nobody has asked for it in "
              + ABANDONED_AFTER.toSeconds()
              + " s, so it ended; ask again");
    }
  }

  /**
   * Goes on at a rate, and as long as it is wanted.
   *
   * @param bytesPerSecond 0: no limit
   */
  Pace pace(long bytesPerSecond) {
    Throttle throttle = new Throttle(bytesPerSecond);
    return bytes -> {
      require();
      throttle.await(bytes);
    };
  }
}
