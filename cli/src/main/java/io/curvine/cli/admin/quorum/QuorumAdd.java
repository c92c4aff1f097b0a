/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import io.curvine.cli.CliException;
import io.curvine.protocol.proto.AddMaster;
import io.curvine.protocol.proto.ChangeMasters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin quorum add}. */
@Command(
    name = "add",
    description = "Add a master that was started with --join, or let a listener vote.",
    mixinStandardHelpOptions = true)
public final class QuorumAdd extends QuorumChange {
  @Parameters(
      paramLabel = "MASTER",
      description = "id=host:raft-port:rpc-port:feed-port:http-port, as in its cluster_peers.")
  private String master;

  @Option(names = "--listener", description = "It follows and does not vote: a backup site.")
  private boolean listener;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "0 to 100; the highest leads where it can. Default: 1.")
  private Integer priority;

  @Override
  ChangeMasters.Builder change() throws CliException {
    AddMaster.Builder add =
        AddMaster.newBuilder().setMaster(address("MASTER", master)).setListener(listener);
    if (priority != null) {
      add.setPriority(priority);
    }
    return ChangeMasters.newBuilder().setAdd(add);
  }

  @Override
  String done() {
    String id = master.substring(0, master.indexOf('='));
    return id + (listener ? " follows" : " votes");
  }
}
