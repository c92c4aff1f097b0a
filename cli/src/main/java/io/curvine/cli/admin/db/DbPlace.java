/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.StatePlace;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which state is looked into. */
final class DbPlace {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Which which;

  private static final class Which {
    @Option(
        names = "--data-dir",
        paramLabel = "DIR",
        required = true,
        description = "Data directory of a master that is stopped.")
    private Path dataDir;

    @Option(
        names = "--snapshot",
        paramLabel = "DIR",
        required = true,
        description = "A snapshot, whose master may run, or what a replay made.")
    private Path snapshot;
  }

  /** What is done with the state. */
  @FunctionalInterface
  interface Look {
    void into(FrozenState state) throws IOException;
  }

  /** Opens it for reading only, and closes it. */
  void look(Look look) throws IOException {
    try (StatePlace place =
            StatePlace.open(which.dataDir == null ? which.snapshot : which.dataDir);
        StateStore store = place.openState();
        FrozenState state = store.freeze()) {
      look.into(state);
    }
  }
}
