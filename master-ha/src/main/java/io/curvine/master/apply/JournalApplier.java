/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.journal.JournalLog;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.StoredEvent;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.MetaView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.CommandOutcome;
import java.io.IOException;
import java.util.List;

/**
 * Folds journal entries into the state, the only way that the committed state changes. An entry
 * that was not decided on exactly the state that it meets is void (ADR 001). One thread applies;
 * the positions can be read by any.
 */
public final class JournalApplier {
  private final StateStore store;
  private final JournalLog journal;
  private volatile long appliedTerm;
  private volatile long appliedIndex;
  private volatile long nextOffset;
  private volatile long epoch;
  private volatile String clusterId;

  /**
   * Begins where the state is, and cuts the journal back to it: what the journal has beyond comes
   * again from the Raft log.
   */
  public JournalApplier(StateStore store, JournalLog journal) throws IOException {
    this.store = store;
    this.journal = journal;
    readPositions();
    if (journal.nextOffset() < nextOffset) {
      throw new IOException(
          "the journal ends at offset "
              + journal.nextOffset()
              + ", the state at "
              + nextOffset
              + ": the node's data directory is damaged");
    }
    journal.truncateTo(nextOffset);
  }

  /**
   * Applies an entry, or finds it void.
   *
   * @throws IllegalStateException where an event contradicts the state; the node must stop
   */
  public ApplyOutcome apply(long term, long index, SealedEntry sealed) throws IOException {
    long firstOffset = sealed.entry().getFirstOffset();
    if (!follows(sealed)) {
      advance(term, index);
      return new ApplyOutcome(false, List.of(), nextOffset);
    }
    // Decided on exactly this state: the changes that the leader saw are those that a fold gives.
    Overlay changes = sealed.changes() != null ? sealed.changes() : fold(sealed);
    journal.append(firstOffset, sealed.events(), new RaftPlace(term, index));
    store.write(changes, term, index);
    readPositions();
    return new ApplyOutcome(
        true, sealed.events().stream().map(StoredEvent::event).toList(), firstOffset);
  }

  private Overlay fold(SealedEntry sealed) {
    Overlay changes = new Overlay(store);
    Projection projection = new Projection(changes);
    int folded = 0;
    for (CommandOutcome outcome : sealed.entry().getOutcomesList()) {
      for (; folded < outcome.getEventsBefore(); folded++) {
        projection.apply(sealed.events().get(folded).event());
      }
      projection.record(outcome);
    }
    for (; folded < sealed.events().size(); folded++) {
      projection.apply(sealed.events().get(folded).event());
    }
    return changes;
  }

  private boolean follows(SealedEntry sealed) {
    return sealed.entry().getFirstOffset() == nextOffset
        && sealed.entry().getEpoch() == (claims(sealed) ? epoch + 1 : epoch);
  }

  /** Whether the entry begins a leadership. */
  private static boolean claims(SealedEntry sealed) {
    return sealed.events().stream().anyMatch(stored -> stored.event().hasLeadershipClaimed());
  }

  /** A Raft entry that changes nothing was passed. */
  public void advance(long term, long index) {
    store.advance(term, index);
    appliedTerm = term;
    appliedIndex = index;
  }

  private void readPositions() {
    MetaView meta = store.view().meta();
    appliedTerm = meta.get(Counter.APPLIED_TERM);
    appliedIndex = meta.get(Counter.APPLIED_INDEX);
    epoch = meta.get(Counter.EPOCH);
    clusterId = meta.clusterId();
    nextOffset = meta.nextOffset();
  }

  /** Term of the newest Raft entry that the state has. */
  public long appliedTerm() {
    return appliedTerm;
  }

  /** Index of the newest Raft entry that the state has. */
  public long appliedIndex() {
    return appliedIndex;
  }

  /** Offset of the event that comes next. */
  public long nextOffset() {
    return nextOffset;
  }

  /** Of the newest leadership. */
  public long epoch() {
    return epoch;
  }

  /** Empty before the cluster was formed. */
  public String clusterId() {
    return clusterId;
  }
}
