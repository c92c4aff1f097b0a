/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.protocol.proto.Event;
import java.util.List;

/**
 * What became of an entry.
 *
 * @param applied false: it was void, nothing happened
 * @param events what happened
 * @param firstOffset of the events
 */
public record ApplyOutcome(boolean applied, List<Event> events, long firstOffset) {
  public ApplyOutcome {
    events = List.copyOf(events);
  }
}
