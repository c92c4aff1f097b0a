/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.config.Configuration;
import io.curvine.cli.node.Foreground;
import io.curvine.cli.node.Nodes;
import io.curvine.journal.mirror.MirrorConfig;
import io.curvine.master.MasterConfig;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine master}: a master in the foreground. */
@Command(
    name = "master",
    description = "Run a master in the foreground, as [master] of the configuration says.",
    mixinStandardHelpOptions = true)
public final class MasterCommand extends Action {
  @Option(names = "--parent-watch", description = "Stop when standard input ends.")
  private boolean parentWatch;

  @Option(
      names = "--join",
      description =
          "With an empty data directory: wait to be added to a cluster that there is (curvine-admin"
              + " masters add), and never make a new one.")
  private boolean join;

  @Override
  protected void run() throws IOException {
    Foreground.logAsNode(global().debug());
    Configuration configuration = global().configuration();
    MasterConfig config = configuration.get(MasterConfig.class);
    MirrorConfig mirror = configuration.get(MirrorConfig.class);
    Foreground.run(Nodes.master(join ? config.joining() : config, mirror), parentWatch);
  }
}
