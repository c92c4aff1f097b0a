/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine quota clear}. */
@Command(
    name = "clear",
    description = "Take directories' own quotas away. For the superuser.",
    mixinStandardHelpOptions = true)
final class QuotaClear extends FsAction {
  @Parameters(paramLabel = "PATH", arity = "1..*", description = "The directories.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    each(paths, path -> namespace().clearQuota(path.ref()));
  }
}
