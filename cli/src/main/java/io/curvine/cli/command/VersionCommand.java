/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.Version;
import io.curvine.cli.output.Json;
import picocli.CommandLine.Command;

/** {@code curvine version}. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
public final class VersionCommand extends Action {
  @Override
  protected void run() {
    print(
        Json.object()
            .put("version", Version.number())
            .put("java", System.getProperty("java.version")),
        String.join("\n", new Version().getVersion()) + "\n");
  }
}
