/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.ContentSummary;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine fs du}. */
@Command(
    name = "du",
    description = "Print how much lies below: what the namespace knows of, cached or not.",
    mixinStandardHelpOptions = true)
final class Du extends FsAction {
  @Parameters(paramLabel = "PATH", arity = "0..*", defaultValue = "/", description = "Default: /")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    ArrayNode json = Json.array();
    Table table = new Table(">SIZE", ">FILES", ">DIRECTORIES", ">SYMLINKS", ">SPECIAL", "PATH");
    each(
        paths,
        path -> {
          ContentSummary sum = namespace().summary(path.ref());
          json.addObject()
              .put("path", path.text())
              .put("length", sum.getLengthBytes())
              .put("files", sum.getFiles())
              .put("directories", sum.getDirectories())
              .put("symlinks", sum.getSymlinks())
              .put("specials", sum.getSpecials());
          table.row(
              Units.showBytes(sum.getLengthBytes()),
              sum.getFiles(),
              sum.getDirectories(),
              sum.getSymlinks(),
              sum.getSpecials(),
              path);
        });
    print(json, table.isEmpty() ? "" : table.render());
  }
}
