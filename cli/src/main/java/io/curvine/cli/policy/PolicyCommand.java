/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine policy}: how directories and files are treated. */
@Command(
    name = "policy",
    description = "Say how directories and files are treated, and show what holds.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {PolicySet.class, PolicyClear.class, PolicyShow.class, PolicyLs.class})
public final class PolicyCommand extends Action {
  @Override
  protected void run() {
    throw usage("no command; 'curvine policy --help' lists the commands");
  }
}
