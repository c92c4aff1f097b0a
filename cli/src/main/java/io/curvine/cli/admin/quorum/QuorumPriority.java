/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.SetMasterPriority;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin quorum priority}. */
@Command(
    name = "priority",
    description = "Set how much a master is to lead.",
    mixinStandardHelpOptions = true)
public final class QuorumPriority extends QuorumChange {
  @Parameters(index = "0", paramLabel = "ID")
  private String id;

  @Parameters(
      index = "1",
      paramLabel = "N",
      description = "0 to 100; the highest leads where it has all entries.")
  private int priority;

  @Override
  ChangeMasters.Builder change() {
    return ChangeMasters.newBuilder()
        .setPriority(SetMasterPriority.newBuilder().setId(id).setPriority(priority));
  }

  @Override
  String done() {
    return id + " has the priority " + priority;
  }
}
