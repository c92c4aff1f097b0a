/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.RemoveMaster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin quorum remove}. */
@Command(
    name = "remove",
    description = "Remove a master; it ends. One that leads hands over first.",
    mixinStandardHelpOptions = true)
public final class QuorumRemove extends QuorumChange {
  @Parameters(paramLabel = "ID")
  private String id;

  @Override
  ChangeMasters.Builder change() {
    return ChangeMasters.newBuilder().setRemove(RemoveMaster.newBuilder().setId(id));
  }

  @Override
  String done() {
    return id + " is removed";
  }
}
