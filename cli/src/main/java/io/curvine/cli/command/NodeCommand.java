/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine node}. */
@Command(
    name = "node",
    description = "List the nodes, or print all that is known of one.",
    mixinStandardHelpOptions = true)
public final class NodeCommand extends Action {
  @Parameters(
      arity = "0..1",
      paramLabel = "NODE",
      description =
          "A master (m1 or its RPC address) or a worker (w1, its number or data address).")
  private String node;

  @Override
  protected void run() throws IOException {
    ArrayNode nodes;
    try (CurvineClient client = connect()) {
      nodes = nodes(ClusterReport.of(client));
    }
    if (node == null) {
      Table table = new Table("NODE", "KIND", "STATE", ">PID", "ADDRESS", "HTTP");
      nodes.forEach(
          each ->
              table.row(
                  each.get("node").asText(),
                  each.get("kind").asText(),
                  each.get("state").asText(),
                  each.get("pid").asText(),
                  each.get("address").asText(),
                  each.get("http").asText()));
      print(nodes, table.render());
      return;
    }
    for (JsonNode each : nodes) {
      if (each.get("node").asText().equals(node)
          || each.get("address").asText().equals(node)
          || (each.get("kind").asText().equals("worker") && each.get("id").asText().equals(node))) {
        StringBuilder text = new StringBuilder();
        each.properties()
            .forEach(
                field -> {
                  JsonNode value = field.getValue();
                  text.append(String.format("%-20s", field.getKey()))
                      .append(value.isContainerNode() ? Json.line(value) : value.asText())
                      .append('\n');
                });
        print(each, text.toString());
        return;
      }
    }
    throw new CliException("there is no node '" + node + "'; 'curvine node' lists them");
  }

  static ArrayNode nodes(ObjectNode report) {
    ArrayNode nodes = Json.array();
    for (JsonNode master : report.get("masters")) {
      nodes
          .addObject()
          .put("node", master.get("id").asText())
          .put("kind", "master")
          .put("state", master.get("role").asText())
          .put("address", master.get("rpc").asText())
          .setAll((ObjectNode) master);
    }
    for (JsonNode worker : report.get("workers")) {
      nodes
          .addObject()
          .put("node", "w" + worker.get("id").asText())
          .put("kind", "worker")
          .put("state", worker.get("live").asBoolean() ? "live" : "lost")
          .put("address", worker.get("data").asText())
          .setAll((ObjectNode) worker);
    }
    return nodes;
  }
}
