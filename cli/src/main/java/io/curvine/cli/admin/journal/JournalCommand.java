/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin journal}: what can be done with journals. */
@Command(
    name = "journal",
    description =
        "Show, check and replay the journal, of the cluster or of files; nothing is changed.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      DumpCommand.class,
      TailCommand.class,
      StatsCommand.class,
      VerifyCommand.class,
      DiffCommand.class,
      JournalReplay.class
    })
public final class JournalCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin journal --help' lists them");
  }
}
