/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine bench meta-client}: a client process of {@code curvine bench meta}. */
@Command(
    name = "meta-client",
    hidden = true,
    description = "A client process of 'curvine bench meta'.",
    mixinStandardHelpOptions = true)
final class ClientCommand extends OrderedProcess {
  private CurvineClient client;
  private BenchFiles files;
  private Directories directories;
  private Operations singles;
  private BatchOperations batches;

  @Override
  protected AutoCloseable open() throws IOException {
    client = connect();
    return client;
  }

  @Override
  protected void obey(JsonNode order) throws Exception {
    switch (order.get(ClientWords.WORD).asText()) {
      case ClientWords.DIRECTORIES -> begin(order);
      case ClientWords.RUN -> load(Order.fromJson(order));
      case ClientWords.COUNT -> say(ClientWords.DONE, Json.object().put("files", files.count()));
      case ClientWords.VERIFY ->
          say(
              ClientWords.DONE,
              new Verification(client.namespace()::list, directories, files).run().toJson());
      default -> throw new CliException("an order that is not known: " + order);
    }
  }

  private void begin(JsonNode order) throws IOException {
    int number = order.get("client").asInt();
    directories = Directories.fromJson(order);
    files = new BenchFiles(number, order.get("filesMax").asLong());
    BenchTree tree = new BenchTree(directories, files, number);
    singles = new Operations(client.namespace(), tree, order.get("closed").asBoolean());
    batches = new BatchOperations(client.namespace(), tree);
    client.namespace().status(); // so that the connection is there
    say(ClientWords.DONE, Json.object());
  }

  private void load(Order order) throws InterruptedException {
    measuring(true);
    Measured measured =
        new Load(
                order.batch() == 0 ? singles::next : stage -> batches.next(stage, order.batch()),
                order)
            .run(
                new Load.Listener() {
                  @Override
                  public void measuring() {
                    say(ClientWords.MEASURING, Json.object());
                  }

                  @Override
                  public void measured() {
                    say(ClientWords.MEASURED, Json.object());
                  }
                });
    measuring(false);
    say(ClientWords.DONE, measured.toJson());
  }
}
