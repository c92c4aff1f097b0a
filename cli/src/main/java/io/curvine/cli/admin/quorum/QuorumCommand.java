/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin quorum}: who the masters are. */
@Command(
    name = "quorum",
    description = "Show the masters and change who they are, while they serve.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      QuorumStatus.class,
      QuorumAdd.class,
      QuorumRemove.class,
      QuorumReplace.class,
      QuorumTransfer.class,
      QuorumStepDown.class,
      QuorumPriority.class
    })
public final class QuorumCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin quorum --help' lists them");
  }
}
