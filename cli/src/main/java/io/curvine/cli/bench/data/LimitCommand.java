/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.OrderedProcess;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench data-limits}: the process at the other end of the machine's own limits. */
@Command(
    name = "data-limits",
    hidden = true,
    description = "The server of the limits that 'curvine bench data' compares with.",
    mixinStandardHelpOptions = true)
public final class LimitCommand extends OrderedProcess {
  static final String PORT = "port";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "What is read; what is written goes beside it.")
  private Path data;

  private LimitServer server;

  @Override
  protected AutoCloseable open() throws IOException {
    server = LimitServer.start(data);
    return server;
  }

  @Override
  protected ObjectNode ready() throws IOException {
    return Json.object().put(PORT, server.port());
  }

  @Override
  protected void obey(JsonNode order) throws CliException {
    throw new CliException("an order that is not known: " + order);
  }
}
