/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.CliException;
import io.curvine.cli.GlobalOptions;
import io.curvine.journal.tool.FileSource;
import io.curvine.journal.tool.JournalSource;
import io.curvine.master.tool.JournalPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which journal is meant. */
final class SourceOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "A master's data directory, a snapshot, or a directory of segments.")
  private Path dataDir;

  @Option(names = "--file", paramLabel = "SEGMENT", description = "One segment file.")
  private Path file;

  @Option(
      names = "--master",
      paramLabel = "ID",
      description = "That master of the cluster. Without any of these: the leader.")
  private String master;

  /** Whether masters are to be asked. */
  boolean isLive() {
    return dataDir == null && file == null;
  }

  /** Opens what was named. */
  JournalSource open(GlobalOptions global) throws IOException {
    requireOne();
    if (dataDir != null) {
      return FileSource.directory(JournalPlace.of(dataDir).journal());
    }
    return file != null ? FileSource.file(file) : openLive(global);
  }

  /** Opens the live source. */
  LiveSource openLive(GlobalOptions global) {
    return LiveSource.open(global, Optional.ofNullable(master));
  }

  private void requireOne() throws CliException {
    int named = (dataDir == null ? 0 : 1) + (file == null ? 0 : 1) + (master == null ? 0 : 1);
    if (named > 1) {
      throw new CliException("more than one of --data-dir, --file and --master; allowed: one");
    }
  }
}
