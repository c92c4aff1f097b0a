/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that has masters work on their own files, one after the other. */
public abstract class UpkeepCommand extends Action {
  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Which masters; none: all, one after the other.")
  private List<String> ids = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to wait for one; it may go on after it. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  /** Has one do it; adds to the object what came of it. */
  protected abstract void ask(
      AdminClient client, HostPort master, long deadlineNanos, ObjectNode to) throws IOException;

  /** What people are shown of that: headings, each with the field's name. */
  protected abstract List<Column> columns();

  /** A column of a table, as {@link Table#Table} takes its heading. */
  public record Column(String heading, String field) {}

  @Override
  protected final void run() throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      List<MasterStatus> masters = chosen(client.masters().getMastersList());
      ObjectNode json = Json.object();
      ArrayNode done = json.putArray("masters");
      for (MasterStatus master : masters) {
        ObjectNode one = Json.object().put("id", master.getNodeId());
        long began = System.nanoTime();
        try {
          ask(
              client,
              HostPort.parse(master.getRpc()),
              began + TimeUnit.SECONDS.toNanos(timeoutSeconds),
              one);
        } catch (IOException e) {
          problem(new CliException(master.getNodeId() + ": " + e.getMessage(), e));
          continue;
        }
        one.put("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        done.add(one);
      }
      print(json, text(done));
    }
  }

  private String text(ArrayNode masters) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("MASTER", "id"));
    columns.addAll(columns());
    columns.add(new Column(">MS", "millis"));
    Table table = new Table(columns.stream().map(Column::heading).toArray(String[]::new));
    for (JsonNode master : masters) {
      table.row(columns.stream().map(column -> master.get(column.field).asText()).toArray());
    }
    return table.render();
  }

  private List<MasterStatus> chosen(List<MasterStatus> masters) throws CliException {
    List<String> known = masters.stream().map(MasterStatus::getNodeId).toList();
    for (String id : ids) {
      if (!known.contains(id)) {
        throw new CliException("there is no master " + id + "; the masters are " + known);
      }
    }
    return masters.stream()
        .filter(master -> ids.isEmpty() || ids.contains(master.getNodeId()))
        .toList();
  }
}
