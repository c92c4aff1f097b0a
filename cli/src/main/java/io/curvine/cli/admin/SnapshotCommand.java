/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin snapshot}: what can be done with snapshots. */
@Command(
    name = "snapshot",
    description = "Work with the masters' snapshots.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = SnapshotTake.class)
public final class SnapshotCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin snapshot --help' lists them");
  }
}
