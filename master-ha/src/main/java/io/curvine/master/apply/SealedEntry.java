/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.Overlay;
import io.curvine.protocol.proto.JournalEntry;

/**
 * An entry as the leader decided it: what goes into the log, and what folding its events changed.
 * The leader applies the changes as they are, instead of folding the same events on the same state
 * once more. Immutable.
 *
 * @param changes null where they are not known here, as at the followers
 */
public record SealedEntry(JournalEntry entry, Overlay changes) {
  /** As it is read from the log. */
  public static SealedEntry fromLog(JournalEntry entry) {
    return new SealedEntry(entry, null);
  }

  public long id() {
    return entry.getEntryId();
  }
}
