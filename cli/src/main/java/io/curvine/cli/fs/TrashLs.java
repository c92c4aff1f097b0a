/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.protobuf.ByteString;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.client.Trash;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine trash ls}. */
@Command(name = "ls", description = "List what is in the trash.", mixinStandardHelpOptions = true)
final class TrashLs extends FsAction {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "Only what was deleted there and below. Default: all.")
  private String path;

  @Override
  void runConnected() throws IOException {
    List<Trash.Item> items =
        new Trash(namespace()).list(ByteString.copyFromUtf8(RemotePath.parse(path).text()));
    print(json(items), text(items));
  }

  static String text(List<Trash.Item> items) {
    Table table = new Table("WAS AT", "TYPE", "KEPT UNTIL", "IS AT");
    for (Trash.Item item : items) {
      table.row(
          Printable.of(item.origin()), type(item), item.keptUntil(), Printable.of(item.path()));
    }
    return table.isEmpty() ? "nothing is in the trash\n" : table.render();
  }

  static ArrayNode json(List<Trash.Item> items) {
    ArrayNode json = Json.array();
    for (Trash.Item item : items) {
      json.addObject()
          .put("origin", item.origin().toStringUtf8())
          .put("type", type(item))
          .put("lengthBytes", item.inode().getLengthBytes())
          .put("keptUntil", item.keptUntil().toString())
          .put("path", item.path().toStringUtf8());
    }
    return json;
  }

  private static String type(Trash.Item item) {
    return item.inode().getType().name().toLowerCase(Locale.ROOT);
  }
}
