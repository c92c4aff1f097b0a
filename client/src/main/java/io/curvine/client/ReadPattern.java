/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

/**
 * Tells from a reader's last calls whether it goes forward in even steps. Not thread-safe.
 *
 * <p>Reads that follow each other are a pattern after two where they are large, after three where
 * they are small: a small read in vain costs much more than it has.
 */
final class ReadPattern {
  private static final int LARGE_BYTES = 64 << 10;
  private static final int LARGE_RUN = 2;
  private static final int SMALL_RUN = 3;

  private long lastPosition = -1;
  private long lastStep;
  private int run;

  /**
   * Notes a call.
   *
   * @return the step from this call to the next that is to be expected; 0: none is
   */
  long step(long position, int length) {
    long step = position - lastPosition;
    boolean forward = lastPosition >= 0 && step >= length;
    boolean even = forward && (step == lastStep || run == 1);
    run = even ? run + 1 : 1;
    lastStep = forward ? step : 0;
    lastPosition = position;
    boolean gaps = step != length;
    int needed = gaps ? SMALL_RUN : length >= LARGE_BYTES ? LARGE_RUN : SMALL_RUN;
    return even && run >= needed ? step : 0;
  }
}
