/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.readers.Change.Route;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Until when a change may be missing from what readers see. Immutable.
 *
 * @param event after a change at the UFS and its notification
 * @param scan after a change at the UFS that nobody tells of
 * @param kernel how much later whoever reads through a mount may see it
 * @param faults while they lasted what is not read through Curvine's own changes may be late
 */
public record Bounds(Duration event, Duration scan, Duration kernel, List<Fault> faults) {
  public Bounds {
    // One may put off a bound into the next.
    faults = faults.stream().sorted(Comparator.comparingLong(Fault::begunNanos)).toList();
  }

  /**
   * When the leader was away, for example.
   *
   * @param route SCAN: it puts off only what a scan finds; else all
   */
  public record Fault(Route route, long begunNanos, long endedNanos) {}

  /** Readers that begin later see it; {@link Change#NEVER}: they need not. */
  long visibleBy(Change change, boolean throughKernel) {
    if (change.ackedNanos() == Change.NEVER) {
      return Change.NEVER;
    }
    if (change.ackedNanos() == Long.MIN_VALUE) {
      return Long.MIN_VALUE;
    }
    long more = (throughKernel ? kernel : Duration.ZERO).toNanos();
    long acked = change.ackedNanos();
    return switch (change.route()) {
      case THROUGH -> throughKernel ? late(acked, more, Route.THROUGH) : acked;
      case EVENT -> Math.min(byEvent(change, more), byScan(change, more));
      case SCAN -> byScan(change, more);
    };
  }

  private long byEvent(Change change, long more) {
    return change.toldNanos() == Change.NEVER
        ? Change.NEVER
        : late(
            Math.max(change.ackedNanos(), change.toldNanos()), event.toNanos() + more, Route.EVENT);
  }

  private long byScan(Change change, long more) {
    return late(change.ackedNanos(), scan.toNanos() + more, Route.SCAN);
  }

  private long late(long from, long allowed, Route route) {
    long until = from + allowed;
    for (Fault fault : faults) {
      boolean counts = fault.route() != Route.SCAN || route == Route.SCAN;
      if (counts && fault.begunNanos() - until <= 0 && fault.endedNanos() - from >= 0) {
        until = Math.max(until, fault.endedNanos() + allowed);
      }
    }
    return until;
  }
}
