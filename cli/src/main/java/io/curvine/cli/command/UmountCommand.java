/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine umount}. */
@Command(
    name = "umount",
    aliases = "unmount",
    description = "Take a mount away. The UFS keeps everything.",
    mixinStandardHelpOptions = true)
public final class UmountCommand extends Action {
  @Parameters(paramLabel = "PATH", description = "Where it is mounted in the namespace.")
  private String path;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      client.namespace().unmount(path);
      print(Json.object().put("unmounted", path), "unmounted " + path + "\n");
    }
  }
}
