/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.ClientConfig;
import io.curvine.master.tool.OfflinePrune;
import io.curvine.master.tool.SnapshotDirectory;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.PruneSnapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin snapshot prune}. */
@Command(
    name = "prune",
    description = {
      "Remove all but the newest snapshots of every master, or of a stopped master's data",
      "directory. One that another master is fetching stays."
    },
    mixinStandardHelpOptions = true)
public final class SnapshotPrune extends Action {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Option(
      names = "--keep",
      paramLabel = "N",
      required = true,
      description = "So many stay; 1 or more.")
  private int keep;

  @Option(names = "--dry-run", description = "Only say which would go.")
  private boolean dryRun;

  @Option(names = "--data-dir", paramLabel = "DIR", description = "Of a master that is stopped.")
  private Path dataDir;

  @Override
  protected void run() throws IOException {
    if (keep < 1) {
      throw usage("--keep is " + keep + "; allowed: 1 or more");
    }
    ObjectNode json = Json.object().put("dryRun", dryRun);
    ArrayNode removed = json.putArray("removed");
    Table table = new Table("MASTER", dryRun ? "WOULD GO" : "REMOVED");
    if (dataDir == null) {
      live(removed, table);
    } else {
      add(
          "",
          OfflinePrune.run(dataDir, keep, dryRun).stream()
              .map(SnapshotDirectory.Entry::name)
              .toList(),
          removed,
          table);
    }
    print(json, table.render());
  }

  private void live(ArrayNode removed, Table table) throws IOException {
    AdminRequest request =
        AdminRequest.newBuilder()
            .setPruneSnapshots(PruneSnapshots.newBuilder().setKeep(keep).setDryRun(dryRun))
            .build();
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      for (MasterStatus master : client.masters().getMastersList()) {
        try {
          List<String> names =
              client
                  .once(HostPort.parse(master.getRpc()), request, PATIENCE)
                  .getSnapshotsPruned()
                  .getRemovedList();
          add(master.getNodeId(), names, removed, table);
        } catch (IOException e) {
          problem(new CliException(master.getNodeId() + ": " + e.getMessage(), e));
        }
      }
    }
  }

  private static void add(String master, List<String> names, ArrayNode removed, Table table) {
    for (String name : names) {
      removed.addObject().put("master", master).put("name", name);
      table.row(master, name);
    }
  }
}
