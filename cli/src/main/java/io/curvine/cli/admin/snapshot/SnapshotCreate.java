/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.admin.UpkeepCommand;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.SnapshotTaken;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code curvine-admin snapshot create}. */
@Command(
    name = "create",
    aliases = "take",
    description = {
      "Have masters take a snapshot of their state now; they serve meanwhile. Each keeps the newest",
      "(master.snapshots-kept), and drops the part of its Raft log that they make unnecessary."
    },
    mixinStandardHelpOptions = true)
public final class SnapshotCreate extends UpkeepCommand {
  @Override
  protected void ask(AdminClient client, HostPort master, long deadlineNanos, ObjectNode to)
      throws IOException {
    SnapshotTaken taken = client.takeSnapshot(master, deadlineNanos);
    to.put("snapshot", taken.getName())
        .put("index", taken.getIndex())
        .put("offset", taken.getOffset())
        .put("bytes", taken.getBytes());
  }

  @Override
  protected List<Column> columns() {
    return List.of(
        new Column("SNAPSHOT", "snapshot"),
        new Column(">OFFSET", "offset"),
        new Column(">BYTES", "bytes"));
  }
}
