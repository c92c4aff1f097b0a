/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.master.tool.SnapshotArchive;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin snapshot export}. */
@Command(
    name = "export",
    description = "Write a snapshot as one file with checksums; its master may run.",
    mixinStandardHelpOptions = true)
public final class SnapshotExport extends Action {
  @Parameters(paramLabel = "SNAPSHOT", description = "Its directory, or what a replay made.")
  private Path snapshot;

  @Option(names = "--to", paramLabel = "FILE", required = true, description = "A new file.")
  private Path file;

  @Override
  protected void run() throws IOException {
    SnapshotManifest manifest = SnapshotArchive.write(snapshot, file);
    ObjectNode json =
        Json.object()
            .put("file", file.toString())
            .put("snapshot", manifest.getName())
            .put("offset", manifest.getOffset())
            .put("bytes", Files.size(file));
    print(
        json,
        String.format(
            "%s at offset %d is in %s, %d bytes%n",
            manifest.getName(), manifest.getOffset(), file, Files.size(file)));
  }
}
