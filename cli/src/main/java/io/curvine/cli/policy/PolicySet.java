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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code curvine policy set}. */
@Command(
    name = "set",
    description = {
      "Say how a file, or a directory and what is below it, is treated.",
      "What is not given stays as it is; the value 'inherit' takes away what was said here, so that"
          + " it is as above. What is nearer to a file counts more. For the owner and the superuser."
    },
    mixinStandardHelpOptions = true)
final class PolicySet extends Action {
  @Parameters(paramLabel = "PATH", description = "The directory or file.")
  private String path;

  @Mixin private PolicyOptions options = new PolicyOptions();

  @Override
  protected void run() throws IOException {
    PolicyChange change;
    try {
      change = options.change();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    if (change.equals(PolicyChange.getDefaultInstance())) {
      throw usage("nothing is said; allowed: one option or more, such as --ttl 7d");
    }
    try (CurvineClient client = connect()) {
      client.namespace().setPolicy(RemotePath.parse(path).ref(), change);
    }
  }
}
