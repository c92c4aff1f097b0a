/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.GlobalOptions;
import io.curvine.cli.config.Units;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.node.Foreground;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** A measurement on processes of its own, which go with it. */
public abstract class LocalBench extends Action {
  @Option(
      names = "--local-dir",
      paramLabel = "DIR",
      description = "Where the processes' directory is made. Default: /tmp.")
  private Path localDirectory = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result there as JSON too.")
  private Path report;

  /** The program that starts the processes: bin/curvine. */
  protected static Path launcher() throws CliException {
    String launcher = System.getProperty("curvine.launcher");
    if (launcher == null) {
      throw new CliException("run it as bin/curvine: it starts processes of its own");
    }
    return Path.of(launcher);
  }

  /** Starts three masters, which also end when this process is told to. */
  protected final LocalBed start() throws IOException {
    return start(global(), localDirectory, this::say);
  }

  /** The same for a measurement that may be made on other masters too. */
  static LocalBed start(GlobalOptions global, Path parent, Consumer<String> events)
      throws IOException {
    LocalBed bed = LocalBed.start(launcher(), global, parent, events);
    Foreground.closeAtExit("local masters", bed);
    return bed;
  }

  /** Reads the value of an option that is a time. */
  protected final Duration time(String option, String text) {
    try {
      return MetaOptions.time(option, text);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  /** Reads the value of an option that is a size, such as the examples. */
  protected final long bytes(String option, String text, String examples) {
    try {
      return Units.bytes(text);
    } catch (IllegalArgumentException e) {
      throw usage(option + " is '" + text + "'; allowed: a size such as " + examples);
    }
  }

  /** Writes the report, and prints the result in the form that is wanted. */
  protected final void show(JsonNode json, String text) throws IOException {
    if (report != null) {
      Files.writeString(report, Json.document(json) + "\n");
    }
    print(json, text);
  }

  /** What happens, beside the data of --json. */
  protected final void say(String event) {
    PrintWriter to = global().json() ? err() : out();
    to.println("curvine: " + event);
    to.flush();
  }
}
