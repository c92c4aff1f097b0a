/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.Action;
import io.curvine.cli.bench.cache.CacheCommand;
import io.curvine.cli.bench.data.DataClientCommand;
import io.curvine.cli.bench.data.DataCommand;
import io.curvine.cli.bench.data.LimitCommand;
import io.curvine.cli.bench.fuse.FuseCommand;
import io.curvine.cli.bench.invalidate.InvalidateCommand;
import io.curvine.cli.bench.ufs.ColdCommand;
import io.curvine.cli.bench.ufs.EventsCommand;
import io.curvine.cli.bench.ufs.ListingCommand;
import io.curvine.cli.bench.ufs.LoadCommand;
import io.curvine.cli.bench.ufs.ReconcileCommand;
import picocli.CommandLine.Command;

/** {@code curvine bench ...}: measures. */
@Command(
    name = "bench",
    description = "Measure a cluster, with the machine's limits beside it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      MetaCommand.class,
      DataCommand.class,
      CacheCommand.class,
      FuseCommand.class,
      FailoverCommand.class,
      ScaleCommand.class,
      DisturbCommand.class,
      FeedCommand.class,
      InvalidateCommand.class,
      ColdCommand.class,
      LoadCommand.class,
      EventsCommand.class,
      ReconcileCommand.class,
      ListingCommand.class,
      ClientCommand.class,
      DataClientCommand.class,
      LimitCommand.class
    })
public final class BenchCommand extends Action {
  @Override
  protected void run() {
    throw usage("no command; 'curvine bench --help' lists the commands");
  }
}
