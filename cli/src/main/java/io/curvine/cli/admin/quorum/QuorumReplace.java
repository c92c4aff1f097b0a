/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.cli.CliException;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.ReplaceMaster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin quorum replace}. */
@Command(
    name = "replace",
    description = "Put a new master, started with --join, in the place of another one.",
    mixinStandardHelpOptions = true)
public final class QuorumReplace extends QuorumChange {
  @Parameters(index = "0", paramLabel = "ID", description = "The one that goes; it may be dead.")
  private String id;

  @Parameters(
      index = "1",
      paramLabel = "MASTER",
      description = "The new one: id=host:raft-port:rpc-port:feed-port:http-port.")
  private String master;

  @Override
  ChangeMasters.Builder change() throws CliException {
    return ChangeMasters.newBuilder()
        .setReplace(ReplaceMaster.newBuilder().setId(id).setBy(address("MASTER", master)));
  }

  @Override
  String done() {
    return id + " is replaced";
  }
}
