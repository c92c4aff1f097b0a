/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.ufs;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin ufs}: how well mounts follow their under file stores. */
@Command(
    name = "ufs",
    description = "See how cache-mode mounts follow their under file stores.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {UfsStatus.class, UfsSources.class, UfsDirty.class, UfsResync.class})
public final class UfsCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin ufs --help' lists them");
  }
}
