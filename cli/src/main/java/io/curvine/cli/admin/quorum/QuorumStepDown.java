/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.TransferLeadership;
import picocli.CommandLine.Command;

/** {@code curvine-admin quorum step-down}. */
@Command(
    name = "step-down",
    description = {
      "Let the leader hand over to the voting master that is nearest to it: before its machine is",
      "maintained. 'quorum transfer' names the next one."
    },
    mixinStandardHelpOptions = true)
public final class QuorumStepDown extends QuorumChange {
  /** Names who leads now: asked again, the next one does not hand over too. */
  @Override
  ChangeMasters.Builder change() throws CliException {
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      String leader = client.master(null).getNodeId();
      return ChangeMasters.newBuilder()
          .setTransfer(TransferLeadership.newBuilder().setFrom(leader));
    }
  }

  @Override
  String done() {
    return "another master leads";
  }
}
