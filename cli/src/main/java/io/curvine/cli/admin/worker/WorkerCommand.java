/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.worker;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin worker}. */
@Command(
    name = "worker",
    description = "Work with the workers; 'curvine report' lists them.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {WorkerDecommission.class, WorkerRecommission.class, WorkerForget.class})
public final class WorkerCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin worker --help' lists them");
  }
}
