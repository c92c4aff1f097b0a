/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.protocol.proto.TreeJobKind;
import picocli.CommandLine.Command;

/** {@code curvine free}: drops what is cached. */
@Command(
    name = "free",
    description = {
      "Drop what is cached of files on all workers. What the UFS does not have is kept, and what is"
          + " pinned."
    },
    mixinStandardHelpOptions = true)
public final class FreeCommand extends TreeJobAction {
  @Override
  TreeJobKind kind() {
    return TreeJobKind.FREE;
  }
}
