/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The snapshots of a data directory, as they lie there. A master may run on it. Stateless. */
public final class SnapshotDirectory {
  private SnapshotDirectory() {}

  /**
   * A snapshot's directory and what its manifest says.
   *
   * @param manifest empty where it cannot be read
   * @param problem why it cannot; else empty
   */
  public record Entry(Path path, Optional<SnapshotManifest> manifest, String problem) {
    /** The directory's. */
    public String name() {
      return path.getFileName().toString();
    }
  }

  /** Those of a data directory, oldest first; those that cannot be read too. */
  static List<Path> list(Path snapshots) throws IOException {
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(snapshots)) {
      return entries
          .filter(path -> index(path) >= 0)
          .sorted(Comparator.comparingLong(SnapshotDirectory::index))
          .toList();
    }
  }

  /** The Raft index in a snapshot's name; -1 where it is no such name. */
  static long index(Path snapshot) {
    return SnapshotStore.index(snapshot.getFileName().toString());
  }

  /**
   * The snapshots of a data directory, oldest first; those that cannot be read too.
   *
   * @throws IOException where it has no such directory
   */
  public static List<Entry> entries(Path dataDirectory) throws IOException {
    Path snapshots = StatePlace.snapshots(dataDirectory.toAbsolutePath().normalize());
    if (!Files.isDirectory(snapshots)) {
      throw new IOException(dataDirectory + " has no directory of snapshots");
    }
    List<Entry> entries = new ArrayList<>();
    for (Path path : list(snapshots)) {
      try {
        entries.add(new Entry(path, Optional.of(SnapshotManifests.read(path)), ""));
      } catch (IOException e) {
        entries.add(new Entry(path, Optional.empty(), "its manifest cannot be read: " + e));
      }
    }
    return entries;
  }
}
