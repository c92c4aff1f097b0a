/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What put and get have in common. */
abstract class CopyAction extends FsAction {
  @Option(names = "-f", description = "Replace files that exist.")
  boolean force;

  @Option(names = "-p", description = "Keep the time of modification.")
  boolean preserve;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "8",
      description = "Files copied at a time, 1 to 64; default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = {"-r", "-R"},
      hidden = true,
      description = "Directories are always copied whole.")
  @SuppressWarnings("unused") // for those who type it by habit
  private boolean recursive;

  @Parameters(
      paramLabel = "PATH",
      arity = "2..*",
      description = "What to copy, and last where to; '-' is standard input or output.")
  private List<String> paths;

  /** Copies one source. */
  abstract void copy(Transfer transfer, String source, String target, boolean several)
      throws IOException;

  @Override
  final void runConnected() throws IOException {
    String target = paths.get(paths.size() - 1);
    List<String> sources = paths.subList(0, paths.size() - 1);
    Transfer transfer = new Transfer(threads, this::problem);
    try (transfer) {
      for (String source : sources) {
        copy(transfer, source, target, sources.size() > 1);
      }
    }
    if (!target.equals("-")) {
      print(
          Json.object()
              .put("files", transfer.files())
              .put("bytes", transfer.bytes())
              .put("seconds", transfer.seconds()),
          String.format(
              Locale.ROOT,
              "%d files, %s in %.1f s%n",
              transfer.files(),
              Units.showBytes(transfer.bytes()),
              transfer.seconds()));
    }
  }
}
