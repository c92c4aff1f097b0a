/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.net.HostPort;
import io.curvine.worker.net.ServingLease;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Until when the masters let this worker serve. A grant counts from when its heartbeat was sent,
 * and holds while a majority of the masters has given one: a master that is cut off with the worker
 * cannot keep it serving. Thread-safe.
 */
public final class Lease implements ServingLease {
  private final LongSupplier nanoTime;
  private final Map<HostPort, Long> remaining = new HashMap<>();
  private final long origin;
  private volatile long heldUntil;

  /** A lease that has not begun, from those masters. */
  public Lease(Collection<HostPort> masters, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
    follow(masters);
  }

  /** From now on a majority of those has to grant it; what was granted so far still holds. */
  public synchronized void follow(Collection<HostPort> masters) {
    remaining.keySet().retainAll(masters);
    masters.forEach(master -> remaining.putIfAbsent(master, 0L));
  }

  /** A master's answer to a heartbeat that was sent at {@code sentAt} of the clock. */
  public synchronized void granted(HostPort master, long sentAt, long leaseMs) {
    long until = sentAt - origin + leaseMs * 1_000_000L;
    if (remaining.computeIfPresent(master, (known, before) -> Math.max(before, until)) == null) {
      return; // one that does not vote
    }
    List<Long> sorted = remaining.values().stream().sorted().toList();
    int majority = sorted.size() / 2 + 1;
    heldUntil = Math.max(heldUntil, sorted.get(sorted.size() - majority));
  }

  /** It may serve now. */
  public boolean held() {
    return leftNanos() > 0;
  }

  @Override
  public long leftNanos() {
    return heldUntil - (nanoTime.getAsLong() - origin);
  }
}
