/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.protocol.proto.TreeJobKind;
import picocli.CommandLine.Command;

/** {@code curvine export}: has the UFS hold what was written. */
@Command(
    name = "export",
    description = {
      "Have the UFS hold what was written, now.",
      "It is exported anyway in time; this shows how far it is, and tries again what failed for"
          + " good."
    },
    mixinStandardHelpOptions = true)
public final class ExportCommand extends TreeJobAction {
  @Override
  TreeJobKind kind() {
    return TreeJobKind.EXPORT;
  }
}
