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

  @Override
  protected AutoCloseable open() throws IOException {
    checking = CurvineClient.connect(config("true"));
    trusting = CurvineClient.connect(config("false"));
    return () -> {
      checking.close();
      trusting.close();
    };
  }

  private ClientConfig config(String verify) {
    return global()
        .configuration(List.of("client.verify-checksums=" + verify))
        .get(ClientConfig.class);
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
      case WORKERS ->
          CurvineMovers.open(
              order.kind() == DataCase.READ_UNCHECKED ? trusting : checking, order, thread);
    };
  }
}
