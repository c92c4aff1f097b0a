/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine-admin masters}: lists them. */
@Command(
    name = "masters",
    description = "List the masters; with a command: change who they are.",
    synopsisSubcommandLabel = "[COMMAND]",
    mixinStandardHelpOptions = true,
    subcommands = {
      MastersAdd.class,
      MastersRemove.class,
      MastersReplace.class,
      MastersTransfer.class,
      MastersPriority.class
    })
public final class MastersCommand extends Action {
  @Override
  protected void run() throws IOException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      ObjectNode json = json(client.masters());
      print(json, text(json));
    }
  }

  static ObjectNode json(MasterList list) {
    long newest =
        list.getMastersList().stream().mapToLong(MasterStatus::getAppliedOffset).max().orElse(0);
    ObjectNode json =
        Json.object()
            .put("index", list.getGroup().getIndex())
            .put("settled", list.getGroup().getSettled());
    ArrayNode masters = json.putArray("masters");
    for (MasterStatus master : list.getMastersList()) {
      boolean answers = master.getPid() != 0;
      masters
          .addObject()
          .put("id", master.getNodeId())
          .put("role", answers ? master.getRole() : "unreachable")
          .put("votes", !master.getListener())
          .put("priority", master.getPriority())
          .put("term", master.getTerm())
          .put("appliedOffset", master.getAppliedOffset())
          .put("lag", answers ? newest - master.getAppliedOffset() : -1)
          .put("raft", master.getRaft())
          .put("rpc", master.getRpc())
          .put("feed", master.getFeed())
          .put("http", master.getHttp());
    }
    return json;
  }

  static String text(ObjectNode list) {
    Table table =
        new Table(
            "MASTER",
            "ROLE",
            "VOTES",
            ">PRIORITY",
            ">TERM",
            ">APPLIED",
            ">LAG",
            "RAFT",
            "RPC",
            "FEED",
            "HTTP");
    for (JsonNode master : list.get("masters")) {
      table.row(
          master.get("id").asText(),
          master.get("role").asText(),
          master.get("votes").asBoolean() ? "yes" : "no",
          master.get("priority").asText(),
          master.get("term").asText(),
          master.get("appliedOffset").asText(),
          master.get("lag").asLong() < 0 ? "-" : master.get("lag").asText(),
          master.get("raft").asText(),
          master.get("rpc").asText(),
          master.get("feed").asText(),
          master.get("http").asText());
    }
    String pending =
        list.get("settled").asBoolean() ? "" : "a change of the masters is under way\n";
    return table.render() + pending;
  }
}
