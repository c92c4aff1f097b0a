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
    description = {
      "Show, check and replay the journal, of the cluster or of files. Only 'truncate' and 'skip' change",
      "anything: they are the last resorts."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      DumpCommand.class,
      TailCommand.class,
      StatsCommand.class,
      VerifyCommand.class,
      DiffCommand.class,
      JournalReplay.class,
      TruncateCommand.class,
      SkipCommand.class
    })
public final class JournalCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin journal --help' lists them");
  }
}
