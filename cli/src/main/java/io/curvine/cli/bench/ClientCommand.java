/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * {@code curvine bench meta-client}: a client process of {@code curvine bench meta}, which gives it
 * orders, a line of JSON each, on standard input and reads its answers on standard output. Ends
 * with its standard input.
 */
@Command(
    name = "meta-client",
    hidden = true,
    description = "A client process of 'curvine bench meta'.",
    mixinStandardHelpOptions = true)
final class ClientCommand extends Action {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCommand.class);

  private BenchFiles files;
  private Directories directories;
  private Operations singles;
  private BatchOperations batches;

  /** The parent gives the next order when it has the answer to the last: a few, and the end. */
  private final BlockingQueue<Optional<String>> orders = new LinkedBlockingQueue<>();

  private final AtomicBoolean busy = new AtomicBoolean();

  @Override
  protected void run() throws Exception {
    Thread reader = new Thread(this::read, "orders");
    reader.setDaemon(true);
    reader.start();
    try (CurvineClient client = connect()) {
      say(ClientWords.READY, Json.object());
      for (Optional<String> order = orders.take(); order.isPresent(); order = orders.take()) {
        obey(client, Json.parse(order.get()));
      }
    }
  }

  /** Where the orders end in the middle of one, the parent is gone and nobody wants the result. */
  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        orders.add(Optional.of(line));
      }
    } catch (IOException e) {
      LOG.warn("standard input broke: {}", e.toString());
    }
    if (busy.get()) {
      Runtime.getRuntime().halt(1);
    }
    orders.add(Optional.empty());
  }

  private void obey(CurvineClient client, JsonNode order) throws Exception {
    switch (order.get(ClientWords.WORD).asText()) {
      case ClientWords.DIRECTORIES -> begin(client, order);
      case ClientWords.RUN -> load(Order.fromJson(order));
      case ClientWords.COUNT -> say(ClientWords.DONE, Json.object().put("files", files.count()));
      case ClientWords.VERIFY ->
          say(
              ClientWords.DONE,
              new Verification(client.namespace()::list, directories, files).run().toJson());
      default -> throw new CliException("an order that is not known: " + order);
    }
  }

  private void begin(CurvineClient client, JsonNode order) throws IOException {
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
    busy.set(true);
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
    busy.set(false);
    say(ClientWords.DONE, measured.toJson());
  }

  private void say(String word, ObjectNode json) {
    out().println(Json.line(json.put(ClientWords.WORD, word)));
    out().flush();
  }
}
