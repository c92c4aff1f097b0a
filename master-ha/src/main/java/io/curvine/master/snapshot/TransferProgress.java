/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the transfer of a snapshot is, for metrics and the log. Thread-safe. */
public final class TransferProgress {
  private static final Logger LOG = LoggerFactory.getLogger(TransferProgress.class);
  private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final AtomicLong total = new AtomicLong();
  private final AtomicLong present = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private volatile String name = "";
  private volatile long loggedNanos;

  void begin(String snapshot, long totalBytes, long presentBytes) {
    name = snapshot;
    total.set(totalBytes);
    present.set(presentBytes);
    loggedNanos = System.nanoTime();
    LOG.info("fetches {}: {} of {} bytes are here already", snapshot, presentBytes, totalBytes);
  }

  void received(long bytes) {
    received.addAndGet(bytes);
    long now = present.addAndGet(bytes);
    if (System.nanoTime() - loggedNanos > LOG_NANOS) {
      loggedNanos = System.nanoTime();
      LOG.info("fetches {}: {} of {} bytes are here", name, now, total.get());
    }
  }

  /** Bytes dropped because they were wrong. */
  void dropped(long bytes) {
    present.addAndGet(-bytes);
  }

  /** Size of the snapshot fetched last, in bytes; 0 before the first. */
  public long totalBytes() {
    return total.get();
  }

  /** How much of it is here. */
  public long presentBytes() {
    return present.get();
  }

  /** All bytes that came over the network since the start. */
  public long receivedBytes() {
    return received.get();
  }
}
