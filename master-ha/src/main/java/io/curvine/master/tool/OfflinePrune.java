/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.disk.DirectoryLock;
import io.curvine.master.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Removes old snapshots of a data directory on which no master runs. Stateless. */
public final class OfflinePrune {
  private OfflinePrune() {}

  /**
   * Removes all but the newest. One that cannot be read neither counts nor goes.
   *
   * @param keep 1 or more
   * @param dryRun removes nothing
   * @return those that went or would go, oldest first
   */
  public static List<SnapshotDirectory.Entry> run(Path dataDirectory, int keep, boolean dryRun)
      throws IOException {
    if (keep < 1) {
      throw new IOException("--keep is " + keep + "; allowed: 1 or more");
    }
    if (!Files.isDirectory(dataDirectory)) {
      throw new IOException(dataDirectory + " is not a directory");
    }
    try (DirectoryLock held = StatePlace.hold(dataDirectory)) {
      List<SnapshotDirectory.Entry> all =
          SnapshotDirectory.entries(dataDirectory).stream()
              .filter(entry -> entry.manifest().isPresent())
              .toList();
      List<SnapshotDirectory.Entry> old = all.subList(0, Math.max(0, all.size() - keep));
      if (!dryRun) {
        for (SnapshotDirectory.Entry each : old) {
          SnapshotStore.remove(each.path());
        }
      }
      return List.copyOf(old);
    }
  }
}
