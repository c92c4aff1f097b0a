/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import io.curvine.cli.Action;
import io.curvine.cli.fs.RemotePath;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.PolicyChange;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine policy clear}. */
@Command(
    name = "clear",
    description = {
      "Take away all that is said of a directory or file itself, so that it is treated as the one"
          + " above.",
      "For the owner and the superuser."
    },
    mixinStandardHelpOptions = true)
final class PolicyClear extends Action {
  @Parameters(paramLabel = "PATH", description = "The directory or file.")
  private String path;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      client
          .namespace()
          .setPolicy(
              RemotePath.parse(path).ref(), PolicyChange.newBuilder().setUnsetAll(true).build());
    }
  }
}
