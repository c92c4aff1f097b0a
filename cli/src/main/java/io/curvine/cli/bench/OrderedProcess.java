/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
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

/**
 * A process of a measurement, which its parent gives orders, a line of JSON each, on standard input
 * and reads its answers on standard output ({@link ClientProcess}). Ends with its standard input.
 */
public abstract class OrderedProcess extends Action {
  private static final Logger LOG = LoggerFactory.getLogger(OrderedProcess.class);

  /** The parent gives the next order when it has the answer to the last: a few, and the end. */
  private final BlockingQueue<Optional<String>> orders = new LinkedBlockingQueue<>();

  private final AtomicBoolean measuring = new AtomicBoolean();

  /** Makes what the process works with, which is closed at the end. */
  protected abstract AutoCloseable open() throws Exception;

  /** What the parent is told when the process can take orders. */
  protected ObjectNode ready() throws IOException {
    return Json.object();
  }

  /** Carries out an order, and says that it is done. */
  protected abstract void obey(JsonNode order) throws Exception;

  @Override
  protected final void run() throws Exception {
    Thread reader = new Thread(this::read, "orders");
    reader.setDaemon(true);
    reader.start();
    try (AutoCloseable opened = open()) {
      LOG.debug("working with {}", opened);
      say(ClientWords.READY, ready());
      for (Optional<String> order = orders.take(); order.isPresent(); order = orders.take()) {
        obey(Json.parse(order.get()));
      }
    }
  }

  /** Where the orders end in the middle of a measurement, nobody is left to hear of it. */
  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        orders.add(Optional.of(line));
      }
    } catch (IOException e) {
      LOG.warn("standard input broke: {}", e.toString());
    }
    if (measuring.get()) {
      Runtime.getRuntime().halt(1);
    }
    orders.add(Optional.empty());
  }

  /** From now on the process ends at once with its parent, or no longer. */
  protected final void measuring(boolean now) {
    measuring.set(now);
  }

  /** Tells the parent. */
  protected final void say(String word, ObjectNode json) {
    out().println(Json.line(json.put(ClientWords.WORD, word)));
    out().flush();
  }
}
