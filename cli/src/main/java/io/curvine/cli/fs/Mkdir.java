/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs mkdir}. */
@Command(name = "mkdir", description = "Make directories.", mixinStandardHelpOptions = true)
final class Mkdir extends FsAction {
  @Option(names = "-p", description = "Missing ones on the way too; one that exists is no error.")
  private boolean parents;

  @Option(
      names = "-m",
      paramLabel = "MODE",
      defaultValue = "755",
      description = "Permission bits, octal; default: ${DEFAULT-VALUE}.")
  private String mode;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Directories to make.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    int bits = ModeChange.parse(mode).apply(0, true);
    each(paths, path -> namespace().mkdir(path.ref(), bits, parents));
  }
}
