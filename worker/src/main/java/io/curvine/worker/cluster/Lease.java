/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.net.ServingLease;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Until when the masters let this worker serve. A grant counts from when its heartbeat was sent,
 * and holds while a majority of the masters has given one: a master that is cut off with the worker
 * cannot keep it serving. Thread-safe.
 */
public final class Lease implements ServingLease {
  private final LongSupplier nanoTime;
  private final long[] remaining;
  private final long origin;
  private volatile long heldUntil;

  /** A lease that has not begun, from that many masters. */
  public Lease(int masters, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
    this.remaining = new long[masters];
  }

  /** A master's answer to a heartbeat that was sent at {@code sentAt} of the clock. */
  public synchronized void granted(int master, long sentAt, long leaseMs) {
    remaining[master] = Math.max(remaining[master], sentAt - origin + leaseMs * 1_000_000L);
    long[] sorted = remaining.clone();
    Arrays.sort(sorted);
    int majority = sorted.length / 2 + 1;
    heldUntil = sorted[sorted.length - majority];
  }

  /** It may serve now. */
  public boolean held() {
    return nanoTime.getAsLong() - origin < heldUntil;
  }

  @Override
  public void check() throws CurvineException {
    if (!held()) {
      throw new CurvineException(
          ErrorCode.FENCED, "this worker has no lease from a majority of the masters");
    }
  }
}
