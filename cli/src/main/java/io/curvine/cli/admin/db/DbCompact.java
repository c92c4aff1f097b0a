/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.admin.UpkeepCommand;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.StateCompacted;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code curvine-admin db compact}. */
@Command(
    name = "compact",
    description = {
      "Have masters rewrite their state on the disk without what was deleted or replaced; they serve",
      "meanwhile. Worth it after very many deletes; they do it by themselves, but in time."
    },
    mixinStandardHelpOptions = true)
public final class DbCompact extends UpkeepCommand {
  @Override
  protected void ask(AdminClient client, HostPort master, long deadlineNanos, ObjectNode to)
      throws IOException {
    StateCompacted compacted = client.compact(master, deadlineNanos);
    to.put("bytesBefore", compacted.getBytesBefore()).put("bytesAfter", compacted.getBytesAfter());
  }

  @Override
  protected List<Column> columns() {
    return List.of(new Column(">BEFORE", "bytesBefore"), new Column(">AFTER", "bytesAfter"));
  }
}
