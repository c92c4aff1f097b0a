/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.state;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin state}. */
@Command(
    name = "state",
    description = "Compare the masters' states.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {StateHash.class})
public final class StateCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin state --help' lists them");
  }
}
