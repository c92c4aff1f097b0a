/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts messages that could not be read, and logs the first, and one a minute at most. Not
 * thread-safe.
 */
final class UnreadMessages {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadMessages.class);
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String source;
  private final LongSupplier nanoClock;
  private long count;
  private long logged;
  private long loggedAtNanos;

  /**
   * @param source what the log line calls it
   */
  UnreadMessages(String source, LongSupplier nanoClock) {
    this.source = source;
    this.nanoClock = nanoClock;
  }

  void add(String why) {
    count++;
    long now = nanoClock.getAsLong();
    if (logged == 0 || now - loggedAtNanos >= PAUSE_NANOS) {
      LOG.warn("{}: {} ({} since it was opened)", source, why, count);
      logged++;
      loggedAtNanos = now;
    }
  }

  long count() {
    return count;
  }

  /** How many of them are in the log. */
  long logged() {
    return logged;
  }
}
