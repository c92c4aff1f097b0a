/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.ClientWords;
import io.curvine.cli.bench.OrderedProcess;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code curvine bench data-client}: the client process of {@code curvine bench data}. */
@Command(
    name = "data-client",
    hidden = true,
    description = "The client process of 'curvine bench data'.",
    mixinStandardHelpOptions = true)
public final class DataClientCommand extends OrderedProcess {
  private CurvineClient checking;
  private CurvineClient trusting;
  private CurvineClient local;
  private CurvineClient shortCircuit;

  @Override
  protected AutoCloseable open() throws IOException {
    checking = connect("verify-checksums=true", "local-sockets=false");
    trusting = connect("verify-checksums=false", "local-sockets=false");
    local = connect("verify-checksums=true", "local-sockets=true", "short-circuit=false");
    shortCircuit = connect("local-sockets=true", "short-circuit=true");
    return () -> {
      checking.close();
      trusting.close();
      local.close();
      shortCircuit.close();
    };
  }

  private CurvineClient connect(String... settings) {
    List<String> over = Arrays.stream(settings).map(each -> "client." + each).toList();
    return CurvineClient.connect(global().configuration(over).get(ClientConfig.class));
  }

  @Override
  protected void obey(JsonNode order) throws Exception {
    if (!order.get(ClientWords.WORD).asText().equals(ClientWords.RUN)) {
      throw new CliException("an order that is not known: " + order);
    }
    DataOrder wanted = DataOrder.fromJson(order);
    measuring(true);
    DataFigures figures =
        new DataLoad(wanted, thread -> mover(wanted, thread))
            .run(
                () -> say(ClientWords.MEASURING, Json.object()),
                () -> say(ClientWords.MEASURED, Json.object()));
    measuring(false);
    say(ClientWords.DONE, figures.toJson());
  }

  private Mover mover(DataOrder order, int thread) throws IOException {
    return switch (order.kind().peer()) {
      case NONE -> FileMovers.open(order, thread);
      case LIMIT -> LimitMovers.open(order, thread);
      case WORKERS -> CurvineMovers.open(client(order.kind()), order, thread);
    };
  }

  private CurvineClient client(DataCase kind) {
    return switch (kind) {
      case READ_UNCHECKED -> trusting;
      case READ_LOCAL -> local;
      case READ_FILE, WRITE_FILE -> shortCircuit;
      default -> checking;
    };
  }
}
