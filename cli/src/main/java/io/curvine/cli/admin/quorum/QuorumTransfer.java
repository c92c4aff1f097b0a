/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.TransferLeadership;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin quorum transfer}. */
@Command(
    name = "transfer",
    description = "Let another master lead.",
    mixinStandardHelpOptions = true)
public final class QuorumTransfer extends QuorumChange {
  @Parameters(paramLabel = "ID", description = "Which one.")
  private String id;

  @Override
  ChangeMasters.Builder change() {
    return ChangeMasters.newBuilder().setTransfer(TransferLeadership.newBuilder().setId(id));
  }

  @Override
  String done() {
    return id + " leads";
  }
}
