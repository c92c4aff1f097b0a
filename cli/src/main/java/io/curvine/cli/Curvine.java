/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import io.curvine.cli.bench.BenchCommand;
import io.curvine.cli.command.ConfigCommand;
import io.curvine.cli.command.FuseCommand;
import io.curvine.cli.command.MasterCommand;
import io.curvine.cli.command.MountCommand;
import io.curvine.cli.command.MountsCommand;
import io.curvine.cli.command.NodeCommand;
import io.curvine.cli.command.ReportCommand;
import io.curvine.cli.command.UmountCommand;
import io.curvine.cli.command.VersionCommand;
import io.curvine.cli.command.WorkerCommand;
import io.curvine.cli.fs.FsCommand;
import io.curvine.cli.fs.QuotaCommand;
import io.curvine.cli.fs.TrashCommand;
import io.curvine.cli.jobs.ExportCommand;
import io.curvine.cli.jobs.FreeCommand;
import io.curvine.cli.jobs.JobsCommand;
import io.curvine.cli.jobs.LoadCommand;
import io.curvine.cli.jobs.PinCommand;
import io.curvine.cli.local.LocalCommand;
import io.curvine.cli.policy.PolicyCommand;
import io.curvine.cli.policy.UnpinCommand;
import java.io.OutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The program {@code curvine}. */
@Command(
    name = "curvine",
    description = "A distributed file cache: a namespace and a block cache in front of a store.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      LocalCommand.class,
      FsCommand.class,
      MountCommand.class,
      UmountCommand.class,
      MountsCommand.class,
      QuotaCommand.class,
      TrashCommand.class,
      PolicyCommand.class,
      PinCommand.class,
      UnpinCommand.class,
      LoadCommand.class,
      ExportCommand.class,
      FreeCommand.class,
      JobsCommand.class,
      ReportCommand.class,
      NodeCommand.class,
      BenchCommand.class,
      ConfigCommand.class,
      MasterCommand.class,
      WorkerCommand.class,
      FuseCommand.class,
      VersionCommand.class,
      HelpCommand.class
    })
public final class Curvine extends Program {
  private static final String COMMON_PARALLELISM =
      "java.util.concurrent.ForkJoinPool.common.parallelism";

  /** A program that writes file contents there. */
  public Curvine(OutputStream stdout) {
    super(stdout);
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    widenCommonPool();
    new Curvine(System.out).runAndExit(arguments);
  }

  /**
   * A common pool of one thread, as two processors get, has {@link
   * java.util.concurrent.CompletableFuture} start a thread for every task: in Ratis one for each
   * append. Before anything uses the pool.
   */
  private static void widenCommonPool() {
    if (Runtime.getRuntime().availableProcessors() <= 2
        && System.getProperty(COMMON_PARALLELISM) == null) {
      System.setProperty(COMMON_PARALLELISM, "2");
    }
  }
}
