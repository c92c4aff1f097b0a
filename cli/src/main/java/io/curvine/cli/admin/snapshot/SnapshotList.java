/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.tool.SnapshotDirectory;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ListSnapshots;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.SnapshotInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin snapshot list}. */
@Command(
    name = "list",
    description = "List the snapshots of every master, or those in a data directory.",
    mixinStandardHelpOptions = true)
public final class SnapshotList extends Action {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int HASH_DIGITS = 12;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Of this data directory, without asking a master; one may run on it.")
  private Path dataDir;

  @Override
  protected void run() throws IOException {
    ObjectNode json = Json.object();
    ArrayNode all = json.putArray("snapshots");
    if (dataDir == null) {
      live(all);
    } else {
      for (SnapshotDirectory.Entry entry : SnapshotDirectory.entries(dataDir)) {
        entry
            .manifest()
            .ifPresentOrElse(
                manifest -> add(all, "", SnapshotManifests.info(manifest)),
                () -> problem(new CliException(entry.path() + ": " + entry.problem())));
      }
    }
    print(json, text(all));
  }

  private void live(ArrayNode all) throws IOException {
    AdminRequest request =
        AdminRequest.newBuilder().setListSnapshots(ListSnapshots.getDefaultInstance()).build();
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      for (MasterStatus master : client.masters().getMastersList()) {
        try {
          client
              .once(HostPort.parse(master.getRpc()), request, PATIENCE)
              .getSnapshotList()
              .getSnapshotsList()
              .forEach(snapshot -> add(all, master.getNodeId(), snapshot));
        } catch (IOException e) {
          problem(new CliException(master.getNodeId() + ": " + e.getMessage(), e));
        }
      }
    }
  }

  private static void add(ArrayNode all, String master, SnapshotInfo snapshot) {
    all.addObject()
        .put("master", master)
        .put("name", snapshot.getName())
        .put("offset", snapshot.getOffset())
        .put("term", snapshot.getTerm())
        .put("index", snapshot.getIndex())
        .put("time", Instant.ofEpochSecond(0, snapshot.getTimeNanos()).toString())
        .put("keys", snapshot.getKeys())
        .put("bytes", snapshot.getBytes())
        .put("chainHash", snapshot.getChainHash());
  }

  private static String text(ArrayNode all) {
    Table table =
        new Table(
            "MASTER", "NAME", ">OFFSET", ">TERM", ">INDEX", "TIME", ">KEYS", ">BYTES", "HASH");
    for (JsonNode each : all) {
      String hash = each.get("chainHash").asText();
      table.row(
          each.get("master").asText(),
          each.get("name").asText(),
          each.get("offset").asText(),
          each.get("term").asText(),
          each.get("index").asText(),
          each.get("time").asText(),
          each.get("keys").asText(),
          each.get("bytes").asText(),
          hash.substring(0, Math.min(HASH_DIGITS, hash.length())));
    }
    return table.render();
  }
}
