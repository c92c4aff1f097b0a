/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.Verification.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The client processes of one run, which do the same at the same time. Not thread-safe. */
final class Clients implements AutoCloseable {
  private final List<ClientProcess> all = new ArrayList<>();

  /**
   * Starts so many, and waits until they run.
   *
   * @param options global ones, with the masters
   */
  static Clients start(Path launcher, List<String> options, int count) throws IOException {
    Clients clients = new Clients();
    try {
      for (int i = 0; i < count; i++) {
        clients.all.add(ClientProcess.start(launcher, "meta-client", options));
      }
      for (ClientProcess client : clients.all) {
        client.await(ClientWords.READY);
      }
      return clients;
    } catch (IOException | RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  List<Long> pids() {
    return all.stream().map(ClientProcess::pid).toList();
  }

  /**
   * From now on files are made there; those made earlier are forgotten.
   *
   * @param closed nobody holds a file open that was made
   */
  void begin(Directories directories, long filesMaxOfEach, boolean closed) throws IOException {
    for (int i = 0; i < all.size(); i++) {
      ObjectNode order =
          directories
              .toJson()
              .put("client", i)
              .put("filesMax", filesMaxOfEach)
              .put("closed", closed);
      all.get(i).send(ClientWords.DIRECTORIES, order);
    }
    for (ClientProcess client : all) {
      client.await(ClientWords.DONE);
    }
  }

  /** Files that exist, of the client that has the fewest. */
  long fewestFiles() throws IOException {
    long fewest = Long.MAX_VALUE;
    for (JsonNode answer : ask(ClientWords.COUNT)) {
      fewest = Math.min(fewest, answer.get("files").asLong());
    }
    return fewest;
  }

  Verdict verify() throws IOException {
    Verdict verdict = Verdict.NONE;
    for (JsonNode answer : ask(ClientWords.VERIFY)) {
      verdict = verdict.and(Verdict.fromJson(answer));
    }
    return verdict;
  }

  private List<JsonNode> ask(String word) throws IOException {
    for (ClientProcess client : all) {
      client.send(word, io.curvine.cli.output.Json.object());
    }
    List<JsonNode> answers = new ArrayList<>();
    for (ClientProcess client : all) {
      answers.add(client.await(ClientWords.DONE));
    }
    return answers;
  }

  /** Carries out an order whose concurrency and rate are those of all together. */
  Measured run(Order order, Load.Listener listener) throws IOException {
    int active = Math.min(order.concurrency(), all.size());
    for (int i = 0; i < active; i++) {
      all.get(i).send(ClientWords.RUN, share(order, i, active).toJson());
    }
    List<ClientProcess> busy = all.subList(0, active);
    for (ClientProcess client : busy) {
      client.await(ClientWords.MEASURING);
    }
    listener.measuring();
    for (ClientProcess client : busy) {
      client.await(ClientWords.MEASURED);
    }
    listener.measured();
    Measured measured = new Measured();
    for (ClientProcess client : busy) {
      measured.add(Measured.fromJson(client.await(ClientWords.DONE)));
    }
    return measured;
  }

  /** What the i-th of so many clients does of it. */
  static Order share(Order order, int i, int clients) {
    int concurrency = order.concurrency() / clients + (i < order.concurrency() % clients ? 1 : 0);
    return new Order(
        order.mix(),
        order.batch(),
        concurrency,
        order.warmupMillis(),
        order.durationMillis(),
        order.ratePerSecond() / clients);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (ClientProcess client : all) {
      try {
        client.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
