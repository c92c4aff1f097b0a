/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.master.tool.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin snapshot restore}. */
@Command(
    name = "restore",
    description = {
      "Make the data directory of the first master of a new cluster: namespace, mounts, workers and",
      "unfinished jobs are kept, sessions and what they held are not. Start a master that is alone",
      "in master.cluster-peers on it, then add others with --join. Workers of the former cluster",
      "start with empty directories."
    },
    mixinStandardHelpOptions = true)
public final class SnapshotRestore extends Action {
  @Parameters(
      paramLabel = "FILE",
      description = "What 'snapshot export' wrote, a snapshot's directory, or what a replay made.")
  private Path from;

  @Option(
      names = "--into",
      paramLabel = "DATA_DIR",
      required = true,
      description = "An empty directory, or one that does not exist.")
  private Path into;

  @Option(
      names = "--force",
      description = "What is in the directory is moved aside, into a directory inside of it.")
  private boolean force;

  @Option(names = "--dry-run", description = "Check the snapshot, and say what would be done.")
  private boolean dryRun;

  @Override
  protected void run() throws IOException {
    Restore restore = new Restore(into, Clock.systemUTC());
    Restore.Outcome outcome = dryRun ? restore.dryRun(from, force) : restore.run(from, force);
    ObjectNode json =
        Json.object()
            .put("dataDir", into.toString())
            .put("dryRun", dryRun)
            .put("fromClusterId", outcome.fromClusterId())
            .put("offset", outcome.offset())
            .put("inodes", outcome.inodes())
            .put("sessionsEnded", outcome.sessionsEnded())
            .put("backup", outcome.backup() == null ? "" : outcome.backup().toString());
    if (!dryRun) {
      json.put("clusterId", outcome.clusterId());
    }
    print(json, text(outcome));
  }

  private String text(Restore.Outcome outcome) {
    String what =
        String.format(
            "%d inodes of cluster %s; %d sessions ended; the journal goes on at offset %d%n",
            outcome.inodes(), outcome.fromClusterId(), outcome.sessionsEnded(), outcome.offset());
    if (dryRun) {
      return "would restore into " + into + ": " + what;
    }
    return "restored into "
        + into
        + " as cluster "
        + outcome.clusterId()
        + ": "
        + what
        + (outcome.backup() == null ? "" : "what was there is in " + outcome.backup() + "\n");
  }
}
