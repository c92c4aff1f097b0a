/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin journal}. */
@Command(
    name = "journal",
    description = "Work with the journal.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {JournalReplay.class})
public final class JournalCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin journal --help' lists them");
  }
}
