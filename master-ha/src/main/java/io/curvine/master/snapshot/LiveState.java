/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalLog;
import io.curvine.master.apply.JournalApplier;
import io.curvine.master.raft.Position;
import io.curvine.master.store.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * State, journal and applier of one generation. As thread-safe as they are.
 *
 * @param store closed when another generation takes over; readers then get an exception
 */
public record LiveState(StateStore store, JournalLog journal, JournalApplier applier)
    implements AutoCloseable {

  /**
   * Opens a generation that was in use.
   *
   * @throws IOException where it is damaged, or its database has no {@code CURRENT}: the library
   *     would make an empty one of it
   */
  static LiveState reopen(Path generation, StateSettings settings) throws IOException {
    Path current = generation.resolve(SnapshotStore.DATABASE).resolve("CURRENT");
    if (!Files.isRegularFile(current)) {
      throw new NoSuchFileException(current.toString());
    }
    return open(generation, settings);
  }

  /**
   * Opens a generation, or makes an empty one.
   *
   * @throws IOException where it is damaged
   */
  static LiveState open(Path generation, StateSettings settings) throws IOException {
    JournalLog journal =
        JournalLog.open(generation.resolve(SnapshotStore.JOURNAL), settings.journal());
    StateStore store = null;
    try {
      store =
          StateStore.open(
              generation.resolve(SnapshotStore.DATABASE), settings.store(), () -> flush(journal));
      return new LiveState(store, journal, new JournalApplier(store, journal));
    } catch (IOException | RuntimeException e) {
      if (store != null) {
        store.close();
      }
      journal.close();
      throw e;
    }
  }

  /** What the state has must never be missing from the journal. */
  private static void flush(JournalLog journal) {
    try {
      journal.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the journal cannot be made durable", e);
    }
  }

  /** How far the state is. */
  public Position applied() {
    return applier.appliedTerm() == 0
        ? Position.NONE
        : new Position(applier.appliedTerm(), applier.appliedIndex());
  }

  @Override
  public void close() throws IOException {
    store.close();
    journal.close();
  }
}
