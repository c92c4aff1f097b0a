/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says when a snapshot is due: by entries, by bytes of Raft log, by age. Owned by one thread. */
public final class SnapshotTrigger {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final long entriesMax;
  private final long bytesMax;
  private final long ageMaxNanos;
  private final LongSupplier clockNanos;
  private long lastIndex;
  private long lastNanos;
  private long bytes;
  private long notBeforeNanos;

  /**
   * @param clockNanos as {@link System#nanoTime}
   */
  public SnapshotTrigger(long entriesMax, long bytesMax, Duration ageMax, LongSupplier clockNanos) {
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
    this.ageMaxNanos = ageMax.toNanos();
    this.clockNanos = clockNanos;
    this.lastNanos = clockNanos.getAsLong();
    this.notBeforeNanos = lastNanos;
  }

  /** A snapshot at this index exists, and is so old. */
  public void begun(long index, Duration age) {
    lastIndex = index;
    lastNanos = clockNanos.getAsLong() - age.toNanos();
    bytes = 0;
  }

  /** The last one failed: it is not tried again at once. */
  public void failed() {
    notBeforeNanos = clockNanos.getAsLong() + RETRY_NANOS;
  }

  /** An entry was applied. */
  public void applied(long entryBytes) {
    bytes += entryBytes;
  }

  /** Whether a snapshot is due with the state at this index. */
  public boolean due(long index) {
    if (index <= lastIndex) {
      return false;
    }
    if (index - lastIndex >= entriesMax || bytes >= bytesMax) {
      return clockNanos.getAsLong() - notBeforeNanos >= 0;
    }
    long now = clockNanos.getAsLong();
    return now - lastNanos >= ageMaxNanos && now - notBeforeNanos >= 0;
  }
}
