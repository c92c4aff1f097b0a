/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.journal.StoredEvent;
import io.curvine.master.state.Overlay;
import io.curvine.protocol.proto.JournalEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry as the leader decided it: what goes into the log, and what folding its events changed.
 * The leader applies the changes as they are, instead of folding the same events on the same state
 * once more. Immutable.
 *
 * @param events those that the entry has as bytes
 * @param changes null where they are not known here, as at the followers
 */
public record SealedEntry(JournalEntry entry, List<StoredEvent> events, Overlay changes) {
  public SealedEntry {
    events = List.copyOf(events);
  }

  /** As it is read from the log. */
  public static SealedEntry fromLog(JournalEntry entry) throws InvalidProtocolBufferException {
    List<StoredEvent> events = new ArrayList<>(entry.getEventsCount());
    for (ByteString bytes : entry.getEventsList()) {
      events.add(StoredEvent.parse(bytes));
    }
    return new SealedEntry(entry, events, null);
  }

  public long id() {
    return entry.getEntryId();
  }
}
