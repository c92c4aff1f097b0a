/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import io.curvine.cli.Action;
import picocli.CommandLine.Command;

/** {@code curvine-admin feed}: what those need who follow the changes. */
@Command(
    name = "feed",
    description = "Work with the feed of changes and its consumers.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {FeedLag.class, FeedGroups.class, FeedFloor.class, FeedBootstrap.class})
public final class FeedCommand extends Action {
  @Override
  protected void run() {
    throw usage("which command? 'curvine-admin feed --help' lists them");
  }
}
