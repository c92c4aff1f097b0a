/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.client.CurvineClient;
import io.curvine.client.ReadOptions;
import picocli.CommandLine.Option;

/** How a command reads files. */
final class ReadMixin {
  @Option(
      names = "--no-cache",
      description =
          "Use what workers have cached, and have them keep nothing of what they fetch for this.")
  private boolean noCache;

  ReadOptions options(CurvineClient client) {
    return noCache ? new ReadOptions(false) : client.config().reading();
  }
}
