/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.journal.tool.Finding;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a journal ends too early. Nothing inside of it can show that: a newest file that is gone,
 * or one that ends with a whole batch, leaves a journal that fits. Stateless.
 */
public final class JournalEnd {
  private static final String ADVICE =
      "a start of the master fetches what is missing from the others; where there are none, restore"
          + " the newest snapshot, or 'journal replay' one";

  private JournalEnd() {}

  /**
   * Compares a journal's end with what its data directory says besides.
   *
   * @param nextOffset where the journal was found to end
   */
  public static Optional<Finding> check(JournalPlace place, long nextOffset) throws IOException {
    if (place.dataDir().isEmpty()) {
      return Optional.empty();
    }
    Path dataDir = place.dataDir().get();
    long snapshot = newestSnapshot(dataDir);
    if (snapshot > nextOffset) {
      return Optional.of(tooShort(place, nextOffset, "a snapshot beside it", snapshot));
    }
    if (place.live()) {
      return Optional.empty(); // Its state is the master's own until that is stopped.
    }
    try (StatePlace state = StatePlace.open(dataDir);
        StateStore store = state.openState()) {
      long offset = store.read((StateView view) -> view.meta().nextOffset());
      return offset > nextOffset
          ? Optional.of(tooShort(place, nextOffset, "its state", offset))
          : Optional.empty();
    } catch (IOException | StoreException e) {
      return Optional.of(
          new Finding(
              Finding.Kind.TRUNCATED,
              place.journal(),
              -1,
              nextOffset,
              "whether the journal ends too early is not known: the state cannot be opened: "
                  + e.getMessage(),
              "a start of the master takes its newest snapshot instead"));
    }
  }

  /** The offset of the newest snapshot that can be read; 0: there is none. */
  private static long newestSnapshot(Path dataDir) throws IOException {
    if (!Files.isDirectory(StatePlace.snapshots(dataDir))) {
      return 0;
    }
    return SnapshotDirectory.entries(dataDir).stream()
        .flatMap(entry -> entry.manifest().stream())
        .mapToLong(SnapshotManifest::getOffset)
        .max()
        .orElse(0);
  }

  private static Finding tooShort(JournalPlace place, long end, String other, long otherEnd) {
    return new Finding(
        Finding.Kind.TRUNCATED,
        place.journal(),
        -1,
        end,
        "the journal ends here, "
            + other
            + " has the events before "
            + otherEnd
            + ": "
            + (otherEnd - end)
            + " are missing",
        ADVICE);
  }
}
