/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.config.Configuration;
import io.curvine.cli.config.EffectiveConfig;
import io.curvine.cli.config.Key;
import io.curvine.cli.config.Section;
import io.curvine.cli.http.NodePage;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ClusterStatus;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine config show}. */
@Command(
    name = "show",
    description = {
      "Print every key with the value in force and where it was given: here, or with --effective what",
      "each running master and worker has that is not a default, or is another value than here."
    },
    mixinStandardHelpOptions = true)
final class ConfigShow extends Action {
  /** The section of masters that is not named like them. */
  private static final String MIRROR = "feed.mirror";

  @Option(
      names = "--effective",
      description = "Ask the nodes: what is in force there, whatever their files say by now.")
  private boolean effective;

  @Override
  protected void run() throws IOException {
    Configuration here = global().configuration();
    if (effective) {
      ofNodes(here);
    } else {
      Table table = new Table("KEY", "VALUE", "GIVEN BY");
      for (Section section : here.sections()) {
        for (Key key : section.keys()) {
          table.row(key.path(), here.text(key), here.origin(key).orElse("default"));
        }
      }
      print(EffectiveConfig.json(here), table.render());
    }
  }

  private void ofNodes(Configuration here) throws IOException {
    ObjectNode json = Json.object();
    Table table = new Table("NODE", "KEY", "VALUE", "GIVEN BY", "HERE");
    for (Map.Entry<String, String> node : nodes().entrySet()) {
      try {
        NodePage page = NodePage.get(node.getValue(), EffectiveConfig.PAGE);
        if (page.status() != HttpURLConnection.HTTP_OK) {
          throw new CliException(node.getValue() + " answers " + page.status());
        }
        JsonNode config = Json.parse(page.body());
        json.set(node.getKey(), config);
        rows(node.getKey(), config, here, table);
      } catch (IOException e) {
        problem(new CliException(node.getKey() + ": " + e.getMessage(), e));
      }
    }
    print(json, table.isEmpty() ? "all nodes have the defaults\n" : table.render());
  }

  /** Their HTTP ports by name. */
  private Map<String, String> nodes() throws IOException {
    Map<String, String> nodes = new LinkedHashMap<>();
    try (CurvineClient client = connect()) {
      ClusterStatus status = client.namespace().status();
      status
          .getMastersList()
          .forEach(master -> nodes.put("master " + master.getNodeId(), master.getHttp()));
      status.getWorkersList().stream()
          .filter(worker -> worker.getLive())
          .forEach(
              worker ->
                  nodes.put(
                      "worker " + worker.getId(),
                      new HostPort(worker.getAddress().getHost(), worker.getAddress().getHttpPort())
                          .toString()));
    }
    nodes.values().removeIf(http -> http.isEmpty() || http.endsWith(":0"));
    return nodes;
  }

  private static void rows(String node, JsonNode config, Configuration here, Table table) {
    String kind = node.substring(0, node.indexOf(' '));
    for (Section section : here.sections()) {
      for (Key key : section.keys()) {
        JsonNode there = config.path(section.name()).path(key.name());
        String value = there.path("value").asText();
        String origin = there.path("origin").asText();
        boolean its =
            section.name().equals(kind) || (kind.equals("master") && section.name().equals(MIRROR));
        boolean same = value.equals(here.text(key));
        if (its && !there.isMissingNode() && !(same && origin.equals("default"))) {
          table.row(node, key.path(), value, origin, same ? "the same" : here.text(key));
        }
      }
    }
  }
}
