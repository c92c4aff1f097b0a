/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.JobFinished;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many jobs ended otherwise than they should while this master led, since its process began.
 * Thread-safe.
 */
public final class JobCounts {
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong conflicts = new AtomicLong();

  /** Jobs that failed for good. */
  public long failed() {
    return failed.get();
  }

  /**
   * Jobs that met another object at the UFS than the known one, which was kept. In cache mode they
   * failed, in fs mode they were done.
   */
  public long conflicts() {
    return conflicts.get();
  }

  /** Of each event that is applied while this master leads. */
  public void observe(Event event) {
    if (!event.hasJobFinished()) {
      return;
    }
    JobFinished finished = event.getJobFinished();
    if (!finished.getSucceeded()) {
      failed.incrementAndGet();
    }
    if (finished.getCode() == ErrorCode.UFS_CONFLICT) {
      conflicts.incrementAndGet();
    }
  }
}
