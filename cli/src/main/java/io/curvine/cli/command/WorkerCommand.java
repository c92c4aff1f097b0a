/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.node.Foreground;
import io.curvine.cli.node.Nodes;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine worker}: a worker in the foreground. */
@Command(
    name = "worker",
    description = "Run a worker in the foreground, as [worker] of the configuration says.",
    mixinStandardHelpOptions = true)
public final class WorkerCommand extends Action {
  @Option(names = "--parent-watch", description = "Stop when standard input ends.")
  private boolean parentWatch;

  @Override
  protected void run() throws IOException {
    Foreground.logAsNode(global().debug());
    Foreground.run(Nodes.worker(global().configuration()), parentWatch);
  }
}
