/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.protocol.proto.Event;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When each open session last gave a sign of life. Which sessions are open follows from the events;
 * the times are soft, so a new leader gives everybody one whole timeout. Thread-safe.
 */
public final class Sessions {
  private final long timeoutNanos;
  private final LongSupplier clockNanos;
  private final Map<Long, Long> lastSeen = new ConcurrentHashMap<>();

  /**
   * @param clockNanos as {@link System#nanoTime}
   */
  public Sessions(Duration timeout, LongSupplier clockNanos) {
    this.timeoutNanos = timeout.toNanos();
    this.clockNanos = clockNanos;
  }

  /** Begins anew with exactly these. */
  public void reset(Collection<Long> open) {
    lastSeen.clear();
    long now = clockNanos.getAsLong();
    open.forEach(id -> lastSeen.put(id, now));
  }

  /** Follows the journal. */
  public void observe(Event event) {
    if (event.hasSessionOpened()) {
      lastSeen.put(event.getSessionOpened().getSessionId(), clockNanos.getAsLong());
    } else if (event.hasSessionClosed()) {
      lastSeen.remove(event.getSessionClosed().getSessionId());
    }
  }

  /** A leadership begins: nobody is idle yet. */
  public void grace() {
    long now = clockNanos.getAsLong();
    lastSeen.replaceAll((id, seen) -> now);
  }

  /** A sign of life; false where there is no such session. */
  public boolean touch(long id) {
    long now = clockNanos.getAsLong();
    return lastSeen.computeIfPresent(id, (key, seen) -> now) != null;
  }

  /** Those to be closed. */
  public List<Long> idle() {
    long now = clockNanos.getAsLong();
    return lastSeen.entrySet().stream()
        .filter(session -> now - session.getValue() > timeoutNanos)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Open sessions. */
  public int count() {
    return lastSeen.size();
  }
}
