/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine quota}: limits on what lies below directories. */
@Command(
    name = "quota",
    description = "Limit what a directory may hold, and show how much of that is used.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {QuotaSetCommand.class, QuotaClear.class, QuotaLs.class})
public final class QuotaCommand extends Action {
  @Override
  protected void run() {
    throw usage("no command; 'curvine quota --help' lists the commands");
  }
}
