/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.master.store.FrozenState;
import io.curvine.master.tool.StateSummary;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code curvine-admin db ls}. */
@Command(
    name = "ls",
    description = "List the column families with the number and bytes of their keys and values.",
    mixinStandardHelpOptions = true)
public final class DbLs extends Action {
  @Mixin private DbPlace place;

  @Override
  protected void run() throws IOException {
    place.look(this::show);
  }

  private void show(FrozenState state) {
    ObjectNode json = Json.object();
    ArrayNode families = json.putArray("families");
    Table table = new Table("FAMILY", ">KEYS", ">BYTES");
    for (StateSummary.Family each : StateSummary.families(state)) {
      families
          .addObject()
          .put("family", each.family().storedName())
          .put("keys", each.keys())
          .put("bytes", each.bytes());
      table.row(each.family(), each.keys(), each.bytes());
    }
    print(json, table.render());
  }
}
