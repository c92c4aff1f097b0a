/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import ch.qos.logback.classic.Level;
import io.curvine.cli.bench.BenchCommand;
import io.curvine.cli.command.ConfigCommand;
import io.curvine.cli.command.FuseCommand;
import io.curvine.cli.command.LoadCommand;
import io.curvine.cli.command.MasterCommand;
import io.curvine.cli.command.MountCommand;
import io.curvine.cli.command.MountsCommand;
import io.curvine.cli.command.NodeCommand;
import io.curvine.cli.command.ReportCommand;
import io.curvine.cli.command.UmountCommand;
import io.curvine.cli.command.VersionCommand;
import io.curvine.cli.command.WorkerCommand;
import io.curvine.cli.fs.FsCommand;
import io.curvine.cli.local.LocalCommand;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program {@code curvine}. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. An error is
 * one line on standard error.
 */
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
      LoadCommand.class,
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
public final class Curvine implements Runnable {
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  @Mixin private GlobalOptions global;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final OutputStream stdout;

  /** A program that writes file contents there. */
  public Curvine(OutputStream stdout) {
    this.stdout = stdout;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Curvine program = new Curvine(System.out);
    CommandLine line =
        commandLine(program)
            .setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int exitCode = line.execute(arguments);
    line.getOut().flush();
    System.exit(exitCode);
  }

  /** The parser and runner of a program. */
  public static CommandLine commandLine(Curvine program) {
    CommandLine line = new CommandLine(program);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(110);
    line.setExecutionStrategy(
        parsed -> {
          program.setLogLevels();
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler((e, arguments) -> usageError(e));
    line.setExecutionExceptionHandler((e, failed, parsed) -> program.failed(e, failed));
    return line;
  }

  /** Without a command: how to use it, as an error. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command; 'curvine help' lists the commands");
  }

  /** The options that every command takes. */
  public GlobalOptions global() {
    return global;
  }

  /** Standard output for bytes. */
  public OutputStream stdout() {
    return stdout;
  }

  /** Nodes log what happens; commands of a person only what is wrong. */
  public static void logLevel(Level level) {
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
        .setLevel(level);
  }

  private void setLogLevels() {
    if (global.debug()) {
      logLevel(Level.DEBUG);
    }
  }

  private int failed(Exception failure, CommandLine line) {
    if (failure instanceof ParameterException usage) {
      return usageError(usage);
    }
    line.getOut().flush();
    line.getErr().println("curvine: " + Failures.line(failure));
    if (global.debug()) {
      failure.printStackTrace(line.getErr());
    }
    return EXIT_FAILED;
  }

  private static int usageError(ParameterException e) {
    CommandLine line = e.getCommandLine();
    String hint = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      hint = "; did you mean '" + unmatched.getSuggestions().get(0) + "'?";
    }
    String message = e.getMessage().replaceAll("\\s*[\\r\\n]+\\s*", " | ");
    line.getErr()
        .println(
            "curvine: "
                + message
                + hint
                + " (see '"
                + line.getCommandSpec().qualifiedName()
                + " --help')");
    return EXIT_USAGE;
  }
}
