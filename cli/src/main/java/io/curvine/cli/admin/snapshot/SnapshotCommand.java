/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin snapshot}. */
@Command(
    name = "snapshot",
    description = "Work with the masters' snapshots.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      SnapshotList.class,
      SnapshotCreate.class,
      SnapshotVerify.class,
      SnapshotInspect.class,
      SnapshotDiff.class,
      SnapshotExport.class,
      SnapshotRestore.class,
      SnapshotPrune.class
    })
public final class SnapshotCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin snapshot --help' lists them");
  }
}
