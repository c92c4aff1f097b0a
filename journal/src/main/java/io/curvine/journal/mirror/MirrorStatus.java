/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.journal.FeedLog;
import io.curvine.journal.mirror.MirrorProgress.State;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of one copy; says in the log when its state changes. Thread-safe. */
final class MirrorStatus {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorStatus.class);
  private static final long UNKNOWN = -1;

  private final String topic;
  private final String copy;
  private final Clock clock;
  private State state = State.STANDBY;
  private String detail = "";
  private volatile long nextOffset = UNKNOWN;
  private volatile long behindSinceMillis;
  private long skipped;

  MirrorStatus(String topic, String copy, Clock clock) {
    this.topic = topic;
    this.copy = copy;
    this.clock = clock;
  }

  /** This master begins to lead. */
  synchronized void begin() {
    state = State.STARTING;
  }

  /** The other cluster has said where the copy ends. */
  void placed(long next) {
    nextOffset = next;
    behindSinceMillis = clock.millis();
  }

  /** It goes on by itself when what failed works again. */
  void failing(String why) {
    if (enter(State.FAILING, why)) {
      LOG.warn("cannot copy {} to {}, and tries again until it can: {}", topic, copy, why);
    } else {
      LOG.debug("still cannot copy {} to {}: {}", topic, copy, why);
    }
  }

  /** It goes on when somebody has done something. */
  void halted(State halt, String why) {
    if (enter(halt, why)) {
      LOG.error("copies {} to {} no more: {}", topic, copy, why);
    }
  }

  /** Offsets are lost to the copy. */
  synchronized void skips(long from, long to) {
    skipped += to - from;
    LOG.error(
        "the copy {} of {} lacks the offsets {} to {}: the journal has them no more",
        copy,
        topic,
        from,
        to - 1);
  }

  /** It had a place that is not kept any more. */
  void placeLost(long startOffset) {
    LOG.error(
        "how far the copy {} of {} was is not kept any more; it begins with offset {}",
        copy,
        topic,
        startOffset);
  }

  /** The oldest event that the copy lacks is of that time. */
  void behindSince(long millis) {
    behindSinceMillis = millis;
  }

  /** Something has come just now. */
  void grown() {
    behindSinceMillis = clock.millis();
  }

  /**
   * All below an offset is in the copy.
   *
   * @param all whether it lacks nothing
   * @param lastMillis time of the newest event that was copied; 0: none was
   */
  void reached(long next, boolean all, long lastMillis) {
    nextOffset = next;
    if (all) {
      behindSinceMillis = clock.millis();
    } else if (lastMillis > 0) {
      behindSinceMillis = lastMillis;
    }
    works();
  }

  /** It has all that there is. */
  void caughtUp() {
    works();
  }

  private void works() {
    if (enter(State.COPYING, "")) {
      LOG.info("copies {} to {}, and is at offset {}", topic, copy, nextOffset);
    }
  }

  long nextOffset() {
    return nextOffset;
  }

  private synchronized boolean enter(State now, String why) {
    boolean changed = state != now;
    state = now;
    detail = why;
    return changed;
  }

  synchronized MirrorProgress progress(Optional<FeedLog> log) {
    long next = nextOffset;
    if (next == UNKNOWN || log.isEmpty()) {
      return new MirrorProgress(
          topic, copy, state, known(next), OptionalLong.empty(), Duration.ZERO, skipped, detail);
    }
    long lag = Math.max(0, log.get().nextOffset() - next);
    Duration behind =
        lag == 0
            ? Duration.ZERO
            : Duration.ofMillis(Math.max(0, clock.millis() - behindSinceMillis));
    return new MirrorProgress(
        topic, copy, state, known(next), OptionalLong.of(lag), behind, skipped, detail);
  }

  private static OptionalLong known(long offset) {
    return offset == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(offset);
  }
}
