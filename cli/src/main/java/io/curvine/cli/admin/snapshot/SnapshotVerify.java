/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.master.tool.SnapshotDirectory;
import io.curvine.master.tool.SnapshotVerification;
import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin snapshot verify}. */
@Command(
    name = "verify",
    description = {
      "Read snapshots and compare all that can be: files, values, journal, and whether the events",
      "since the snapshot before give this state. Exit code 1 where anything is wrong."
    },
    mixinStandardHelpOptions = true)
public final class SnapshotVerify extends Action {
  @Parameters(
      arity = "0..*",
      paramLabel = "SNAPSHOT",
      description = "Directories of snapshots, or what a replay made.")
  private List<Path> snapshots = List.of();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "All snapshots of this data directory; a master may run on it.")
  private Path dataDir;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Where the fold is made; else the directory of temporary files.")
  private Path workDir;

  @Override
  protected void run() throws IOException {
    List<Path> all = new ArrayList<>(snapshots);
    if (dataDir != null) {
      SnapshotDirectory.entries(dataDir).forEach(entry -> all.add(entry.path()));
    }
    if (all.isEmpty()) {
      throw usage("which snapshot? name directories, or --data-dir");
    }
    ObjectNode json = Json.object();
    ArrayNode done = json.putArray("snapshots");
    Table table = new Table("SNAPSHOT", "CHECK", "OUTCOME", "DETAIL");
    for (Path snapshot : all) {
      ArrayNode checks = done.addObject().put("snapshot", snapshot.toString()).putArray("checks");
      for (SnapshotVerification.Check check : verify(snapshot)) {
        String outcome = check.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        checks
            .addObject()
            .put("check", check.what())
            .put("outcome", outcome)
            .put("detail", check.detail());
        table.row(snapshot.getFileName(), check.what(), outcome, check.detail());
        if (check.outcome() == SnapshotVerification.Outcome.BAD) {
          problem(new CliException(snapshot + ": " + check.what() + ": " + check.detail()));
        }
      }
    }
    print(json, table.render());
  }

  private List<SnapshotVerification.Check> verify(Path snapshot) throws IOException {
    if (!Files.isDirectory(snapshot)) {
      throw new CliException(snapshot + " is not a directory");
    }
    Path work =
        workDir == null
            ? Files.createTempDirectory("curvine-verify-")
            : Files.createTempDirectory(Files.createDirectories(workDir), "curvine-verify-");
    try {
      return SnapshotVerification.of(
          snapshot, SnapshotVerification.before(snapshot), work.resolve("fold"));
    } finally {
      FileTrees.deleteIfExists(work);
    }
  }
}
