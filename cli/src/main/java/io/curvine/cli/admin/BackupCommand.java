/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.master.tool.SnapshotDownload;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin backup}. */
@Command(
    name = "backup",
    description = {
      "Write the whole state and journal of the masters to one file while they serve: everything that was",
      "acknowledged before the command began is in it. A follower makes it, where there is one that",
      "is not behind. 'snapshot restore' makes a new cluster of the file. Contents of files are not in it:",
      "they are in the UFS, and on workers."
    },
    mixinStandardHelpOptions = true)
public final class BackupCommand extends Action {
  private static final long NEAR_EVENTS = 10_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "A new file; as much room again is needed beside it meanwhile.")
  private Path file;

  @Option(names = "--master", paramLabel = "ID", description = "Which master makes it.")
  private String master;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "How long to wait for the snapshot. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  @Override
  protected void run() throws IOException {
    if (Files.exists(file)) {
      throw new CliException(file + " exists; allowed: a file that does not");
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    SnapshotManifest manifest;
    MasterStatus from;
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      MasterList list = client.masters();
      long acknowledged = client.master(null).getAppliedOffset();
      from = master == null ? nearest(list) : client.master(master);
      HostPort rpc = HostPort.parse(from.getRpc());
      awaitApplied(client, from.getNodeId(), acknowledged, deadline);
      client.takeSnapshot(rpc, deadline);
      manifest = SnapshotDownload.archive(rpc, file, acknowledged);
    }
    ObjectNode json =
        Json.object()
            .put("file", file.toString())
            .put("master", from.getNodeId())
            .put("clusterId", manifest.getClusterId())
            .put("offset", manifest.getOffset())
            .put("bytes", Files.size(file));
    print(
        json,
        String.format(
            "cluster %s at offset %d, made by %s, is in %s, %d bytes%n",
            manifest.getClusterId(),
            manifest.getOffset(),
            from.getNodeId(),
            file,
            Files.size(file)));
  }

  /** A follower may not have applied all of it yet. */
  private static void awaitApplied(AdminClient client, String id, long offset, long deadlineNanos)
      throws CliException {
    while (client.master(id).getAppliedOffset() < offset) {
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new CliException(
            "master " + id + " has not come to offset " + offset + "; '--master' names another");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** A follower if one is near: the leader has enough to do. */
  private static MasterStatus nearest(MasterList list) throws CliException {
    long newest =
        list.getMastersList().stream().mapToLong(MasterStatus::getAppliedOffset).max().orElse(0);
    return list.getMastersList().stream()
        .filter(each -> each.getPid() != 0 && newest - each.getAppliedOffset() <= NEAR_EVENTS)
        .max(Comparator.comparing(each -> each.getRole().equals("follower")))
        .orElseThrow(() -> new CliException("no master answers"));
  }
}
