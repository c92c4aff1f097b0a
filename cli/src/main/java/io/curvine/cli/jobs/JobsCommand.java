/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine jobs}. */
@Command(
    name = "jobs",
    description = {
      "Work with the jobs of load, export and free, and with what is to be done at UFSs."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {JobsList.class, JobsShow.class, JobsCancel.class, JobsRetry.class})
public final class JobsCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? '" + commandName() + " --help' lists them");
  }
}
