/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the programs have in common. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. An
 * error is one line on standard error that begins with the program's name.
 */
public abstract class Program implements Runnable {
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  @Mixin private GlobalOptions global;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final OutputStream stdout;

  /**
   * @param stdout file contents are written there
   */
  protected Program(OutputStream stdout) {
    this.stdout = stdout;
  }

  /** Runs one command and ends the process with its exit code. */
  protected final void runAndExit(String[] arguments) {
    CommandLine line =
        commandLine()
            .setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int exitCode = line.execute(arguments);
    line.getOut().flush();
    System.exit(exitCode);
  }

  /** The parser and runner of this program. */
  public final CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(110);
    line.setExecutionStrategy(
        parsed -> {
          setLogLevels();
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setParameterExceptionHandler((e, arguments) -> usageError(e));
    line.setExecutionExceptionHandler((e, failed, parsed) -> failed(e, failed));
    return line;
  }

  /** Without a command: how to use it, as an error. */
  @Override
  public final void run() {
    throw new ParameterException(
        spec.commandLine(), "no command; '" + spec.name() + " help' lists the commands");
  }

  /** The options that every command takes. */
  public final GlobalOptions global() {
    return global;
  }

  /** Standard output for bytes. */
  public final OutputStream stdout() {
    return stdout;
  }

  /** Nodes log what happens; commands of a person only what is wrong. */
  public static void logLevel(Level level) {
    ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
        .setLevel(level);
  }

  /** Nothing is logged from now on: what the program says next is its last word. */
  public static void endLogging() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
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
    line.getErr().println(nameOf(line) + ": " + Failures.line(failure));
    if (global.debug()) {
      failure.printStackTrace(line.getErr());
    }
    return EXIT_FAILED;
  }

  private static String nameOf(CommandLine line) {
    return line.getCommandSpec().root().name();
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
            nameOf(line)
                + ": "
                + message
                + hint
                + " (see '"
                + line.getCommandSpec().qualifiedName()
                + " --help')");
    return EXIT_USAGE;
  }
}
