/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.journal.JournalLog;
import io.curvine.protocol.change.Changes;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes through the journal from an offset down, a stretch at a time. For one thread. */
final class BackwardEvents {
  private static final int STRETCH_EVENTS = 512;
  private static final int READ_BYTES = 1 << 20;

  private final JournalLog journal;
  private List<Event> stretch = List.of();

  /** Of the first event of the stretch. */
  private long stretchFrom;

  /** The event before this is next. */
  private long before;

  BackwardEvents(JournalLog journal, long before) {
    this.journal = journal;
    this.before = before;
    this.stretchFrom = before;
  }

  /** All events at or above were given. */
  long before() {
    return before;
  }

  boolean atStart() {
    return before <= journal.startOffset();
  }

  /** The event below all that were given; not at the start. */
  Event next() throws IOException {
    if (before == stretchFrom) {
      load();
    }
    before--;
    return stretch.get((int) (before - stretchFrom));
  }

  /** The same, as the change that it is. */
  Optional<Change> nextChange() throws IOException {
    Event event = next();
    return Changes.of(before, event);
  }

  private void load() throws IOException {
    long from = Math.max(journal.startOffset(), before - STRETCH_EVENTS);
    List<Event> events = new ArrayList<>();
    for (long at = from; at < before; at = from + events.size()) {
      List<Event> read = journal.read(at, READ_BYTES).events();
      events.addAll(read.subList(0, (int) Math.min(read.size(), before - at)));
    }
    stretch = events;
    stretchFrom = from;
  }
}
