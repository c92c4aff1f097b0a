/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine report}. */
@Command(
    name = "report",
    description = "Print the state of the cluster: masters, workers, tiers.",
    mixinStandardHelpOptions = true)
public final class ReportCommand extends Action {
  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      ObjectNode report = ClusterReport.of(client);
      print(report, text(report));
    }
  }

  static String text(ObjectNode report) {
    StringBuilder text = new StringBuilder();
    text.append("cluster ").append(report.get("clusterId").asText());
    text.append(", ").append(report.get("inodes").asLong()).append(" inodes, journal at ");
    text.append(report.get("nextOffset").asLong()).append(", ");
    text.append(report.get("pendingJobs").asLong()).append(" pending jobs\n\n");
    Table masters =
        new Table("MASTER", "ROLE", ">PID", "RPC", "HTTP", "FEED", ">APPLIED", ">SNAPSHOT");
    for (JsonNode each : report.get("masters")) {
      masters.row(
          each.get("id").asText("?"),
          each.get("role").asText(),
          each.get("pid").asText(),
          each.get("rpc").asText(),
          each.get("http").asText(),
          each.get("feed").asText(),
          each.get("appliedOffset").asText(),
          each.get("snapshotOffset").asText());
    }
    text.append(masters.render()).append('\n');
    text.append(workers(report).render());
    return text.toString();
  }

  private static Table workers(ObjectNode report) {
    Table table =
        new Table(
            "WORKER",
            "STATE",
            "RACK",
            ">PID",
            "DATA",
            "HTTP",
            "TIER",
            ">CAPACITY",
            ">USED",
            ">PINNED",
            ">KEPT",
            ">BLOCKS",
            ">CORRUPT");
    for (JsonNode worker : report.get("workers")) {
      boolean first = true;
      for (JsonNode tier : worker.get("tiers")) {
        table.row(
            first ? worker.get("id").asText() : "",
            first ? state(worker) : "",
            first ? rack(worker) : "",
            first ? worker.get("pid").asText() : "",
            first ? worker.get("data").asText() : "",
            first ? worker.get("http").asText() : "",
            tier.get("kind").asText(),
            Units.showBytes(tier.get("capacityBytes").asLong()),
            Units.showBytes(tier.get("usedBytes").asLong()),
            Units.showBytes(tier.get("pinnedBytes").asLong()),
            Units.showBytes(tier.get("keptBytes").asLong()),
            tier.get("blocks").asText(),
            first ? worker.get("corruptPages").asText() : "");
        first = false;
      }
      if (first) {
        table.row(
            worker.get("id").asText(),
            state(worker),
            rack(worker),
            worker.get("pid").asText(),
            worker.get("data").asText(),
            worker.get("http").asText(),
            "-",
            "-",
            "-",
            "-",
            "-",
            "-",
            worker.get("corruptPages").asText());
      }
    }
    return table;
  }

  private static String rack(JsonNode worker) {
    String rack = worker.get("rack").asText();
    return rack.isEmpty() ? "-" : rack;
  }

  private static String state(JsonNode worker) {
    if (!worker.get("live").asBoolean()) {
      return "lost";
    }
    if (!worker.get("leaving").asBoolean()) {
      return "live";
    }
    long needed = worker.get("neededBlocks").asLong();
    if (needed == 0) {
      return "drained";
    }
    return needed < 0 ? "leaving" : "leaving, " + needed + " blocks to copy";
  }
}
