/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.FloorState;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine-admin feed floor}. */
@Command(
    name = "floor",
    description = {
      "Show the floors of the feed; with a command: change them. What is at or past a floor stays in the",
      "journal beyond its retention, until there is more of it than master.journal-floor-max."
    },
    synopsisSubcommandLabel = "[COMMAND]",
    mixinStandardHelpOptions = true,
    subcommands = {FloorSet.class, FloorRemove.class})
public final class FeedFloor extends FeedAction {
  @Override
  protected void run() throws IOException {
    FeedState state = look();
    print(json(state), text(state));
  }

  static ObjectNode json(FeedState state) {
    ObjectNode json =
        Json.object()
            .put("firstOffset", state.getFirstOffset())
            .put("nextOffset", state.getNextOffset());
    ArrayNode floors = json.putArray("floors");
    for (FloorState floor : state.getFloorsList()) {
      floors
          .addObject()
          .put("name", floor.getFloor().getName())
          .put("group", floor.getFloor().getGroup())
          .put("offset", floor.getOffset())
          .put("bytes", floor.getBytes())
          .put("passed", floor.getPassed());
    }
    return json;
  }

  static String text(FeedState state) {
    Table table = new Table("FLOOR", "FOLLOWS", ">OFFSET", ">EVENTS", ">BYTES", "STATE");
    for (FloorState floor : state.getFloorsList()) {
      String group = floor.getFloor().getGroup();
      table.row(
          Printable.of(floor.getFloor().getName()),
          group.isEmpty() ? "-" : "group " + Printable.of(group),
          floor.getOffset(),
          Math.max(0, state.getNextOffset() - floor.getOffset()),
          floor.getBytes(),
          floor.getPassed() ? "events before " + state.getFirstOffset() + " are gone" : "holds");
    }
    return table.isEmpty() ? "there are no floors\n" : table.render();
  }
}
