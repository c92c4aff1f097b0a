/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import java.util.List;

/**
 * What of the state is the fold of the journal's events: all but three things, which come from the
 * Raft log. The term and the index of the newest applied entry ({@link Counter#APPLIED_TERM},
 * {@link Counter#APPLIED_INDEX}) say how far that log was applied. {@link ColumnFamily#RESULTS} and
 * {@link ColumnFamily#PROGRESS} are the outcomes of commands, kept for retries: an outcome is a
 * part of the Raft entry and not an event. No event's effect depends on any of them. Stateless.
 */
public final class FoldedState {
  private FoldedState() {}

  /** Whether all keys of the family come from events, but for the two counters. */
  public static boolean folded(ColumnFamily<?> family) {
    return family != ColumnFamily.RESULTS && family != ColumnFamily.PROGRESS;
  }

  /** The families that come from events. */
  public static List<ColumnFamily<?>> families() {
    return ColumnFamily.all().stream().filter(FoldedState::folded).toList();
  }

  /** Whether it is one of the counters that come from the Raft log. */
  static boolean isRaftPosition(ColumnFamily<?> family, Key key) {
    return family == ColumnFamily.META
        && (key.equals(Counter.APPLIED_TERM.key()) || key.equals(Counter.APPLIED_INDEX.key()));
  }
}
