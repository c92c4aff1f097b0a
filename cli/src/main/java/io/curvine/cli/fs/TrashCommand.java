/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine trash}: what was deleted where a policy keeps it for a while. */
@Command(
    name = "trash",
    description = "Show what was deleted and is kept for a while, bring it back, or let it go.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {TrashLs.class, TrashRestore.class, TrashEmpty.class})
public final class TrashCommand extends Action {
  @Override
  protected void run() {
    throw usage("no command; 'curvine trash --help' lists the commands");
  }
}
