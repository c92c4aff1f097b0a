/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.proto.Event;
import java.util.List;

/**
 * Consecutive events of the journal. Immutable.
 *
 * @param firstOffset offset of the first event, or the one asked for where there are none
 * @param events in order, without gaps; empty only at the journal's end
 */
public record EventSlice(long firstOffset, List<Event> events) {
  public EventSlice {
    events = List.copyOf(events);
  }

  /** Where to read on. */
  public long nextOffset() {
    return firstOffset + events.size();
  }
}
