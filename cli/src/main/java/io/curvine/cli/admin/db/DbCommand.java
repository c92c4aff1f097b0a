/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin db}. */
@Command(
    name = "db",
    description = "Look into a state's database, or compact it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {DbLs.class, DbGet.class, DbScan.class, DbCompact.class})
public final class DbCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin db --help' lists them");
  }
}
