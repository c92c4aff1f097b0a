/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.journal.tool.JournalCursor;
import io.curvine.journal.tool.JournalReader;
import io.curvine.master.apply.Projection;
import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Folds a journal into a state, as masters do, many entries' events at a time. What {@link
 * FoldedState} says comes from the Raft log is not in the result. For one thread.
 */
public final class Replay {
  /**
   * Events in one write, of a tool: what they change more than once is written once. Eight times as
   * many took longer: each collection of garbage copies what waits, and little is found in caches.
   */
  private static final int BATCH_EVENTS = 4_096;

  /** Each may mark ranges, and every read of a batch looks at all of them. */
  private static final int BATCH_REAPS = 64;

  /**
   * Memory for this alone, of a process that does nothing else. Most that a fold reads it has
   * changed in the same write; keeping the rest in a cache took longer than reading it again.
   */
  private static final StoreSettings SETTINGS = new StoreSettings(0, 64L << 20, 256L << 20, true);

  private final StateStore store;
  private final Listener listener;
  private final int batchEvents;

  /** Hears how far a replay is, after each write. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param events folded so far
     * @param offset the next one's
     * @param target where it ends
     */
    void folded(long events, long offset, long target);
  }

  Replay(StateStore store, Listener listener) {
    this(store, listener, BATCH_EVENTS);
  }

  /**
   * A replay into a store.
   *
   * @param listener ends the replay by an exception of its own
   * @param batchEvents events in one write, all of them in memory
   */
  public Replay(StateStore store, Listener listener, int batchEvents) {
    this.store = store;
    this.listener = listener;
    this.batchEvents = batchEvents;
  }

  /** A store to replay into: a copy of a state, or an empty one where there is none. */
  static StateStore openCopy(Path from, Path to) throws IOException {
    if (from != null) {
      SnapshotFiles.linkDatabase(from, to);
    }
    return StateStore.open(to, SETTINGS, () -> {});
  }

  /** Takes away what does not come from events. */
  public void forgetResults() {
    Overlay overlay = new Overlay(store);
    forget(ColumnFamily.RESULTS, overlay);
    forget(ColumnFamily.PROGRESS, overlay);
    store.write(overlay, 0, 0);
  }

  private <V> void forget(ColumnFamily<V> family, Overlay overlay) {
    List<Key> keys = new ArrayList<>();
    store.scan(family, Keys.EMPTY, null, (key, value) -> keys.add(key));
    keys.forEach(key -> overlay.delete(family, key));
  }

  /**
   * Folds the events from where the state is to a target, exclusive.
   *
   * @return how many they were
   * @throws IllegalStateException where an event contradicts the state
   * @throws io.curvine.protocol.CurvineException CORRUPT where the journal is damaged
   */
  public long run(JournalReader journal, long target) throws IOException {
    long from = store.view().meta().nextOffset();
    try (JournalCursor cursor = journal.from(from)) {
      long next = from;
      while (next < target) {
        next = batch(cursor, next, target);
        listener.folded(next - from, next, target);
      }
      return next - from;
    }
  }

  /** Passes over events that are lost. */
  void skip(long events) {
    Overlay overlay = new Overlay(store);
    new Projection(overlay).skip(events);
    store.writeFolded(overlay);
  }

  private long batch(JournalCursor cursor, long from, long target) throws IOException {
    Overlay overlay = new Overlay(store);
    Projection projection = new Projection(overlay);
    long next = from;
    int reaps = 0;
    while (next < target && next - from < batchEvents && reaps < BATCH_REAPS) {
      if (!cursor.next()) {
        throw new IOException("the journal ends at offset " + next + ", before " + target);
      }
      Event event = cursor.event();
      projection.apply(event);
      reaps += event.hasEntriesReaped() ? 1 : 0;
      next++;
    }
    store.writeFolded(overlay);
    store.compactFromNowOn(false);
    return next;
  }
}
