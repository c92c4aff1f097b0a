/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.FileLayout;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine fs blocks}. */
@Command(
    name = "blocks",
    description = "Print the blocks of a file and the workers that hold them.",
    mixinStandardHelpOptions = true)
final class Blocks extends FsAction {
  @Parameters(paramLabel = "FILE", description = "Of this file.")
  private String file;

  @Override
  void runConnected() throws IOException {
    RemotePath path = RemotePath.parse(file);
    FileLayout layout = namespace().layout(path.ref(), 0, 0);
    Table table = new Table(">INDEX", "BLOCK", ">BYTES", "FROM UFS", "HELD BY");
    ObjectNode json =
        Json.object().put("path", path.text()).put("inode", layout.getInode().getId());
    ArrayNode blocks = json.putArray("blocks");
    for (BlockLayout block : layout.getBlocksList()) {
      String name = layout.getInode().getId() + "-" + block.getVersion() + "-" + block.getIndex();
      List<BlockLocation> holders =
          block.getLocationsList().stream().filter(BlockLocation::getHolds).toList();
      table.row(
          block.getIndex(),
          name,
          Units.showBytes(block.getValidBytes()),
          block.getFillable() ? "yes" : "no",
          holders.isEmpty()
              ? "-"
              : holders.stream()
                  .map(each -> "w" + each.getWorkerId() + " " + address(each))
                  .collect(Collectors.joining(", ")));
      ObjectNode one =
          blocks
              .addObject()
              .put("index", block.getIndex())
              .put("version", block.getVersion())
              .put("validBytes", block.getValidBytes())
              .put("fillable", block.getFillable());
      ArrayNode held = one.putArray("heldBy");
      holders.forEach(
          each -> held.addObject().put("worker", each.getWorkerId()).put("data", address(each)));
    }
    print(json, table.render());
  }

  private static String address(BlockLocation location) {
    return new HostPort(location.getAddress().getHost(), location.getAddress().getDataPort())
        .toString();
  }
}
