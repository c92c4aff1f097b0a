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
import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedPlace;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.MirrorState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin feed lag}. */
@Command(
    name = "lag",
    description = {
      "Show how far the consumer groups have read: of each topic the events of the journal that are",
      "left, and how long ago the next of them happened; then the mirror's copies. 'lost': the journal",
      "has that event no more, and the consumer must begin again with 'feed bootstrap'."
    },
    mixinStandardHelpOptions = true)
public final class FeedLag extends FeedAction {
  private static final long LOST = -1;

  @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Only this one. Default: all.")
  private String only;

  @Override
  protected void run() throws IOException {
    FeedState state = look();
    ObjectNode json =
        Json.object()
            .put("firstOffset", state.getFirstOffset())
            .put("nextOffset", state.getNextOffset());
    ArrayNode places = json.putArray("places");
    Table table = new Table("GROUP", "TOPIC", ">OFFSET", ">END", ">LAG", ">BEHIND", "COMMITTED");
    for (FeedGroup group : Groups.chosen(state, only)) {
      for (FeedPlace place : group.getPlacesList()) {
        String committed =
            Instant.EPOCH.plus(Duration.ofNanos(place.getCommittedNanos())).toString();
        places
            .addObject()
            .put("group", group.getName())
            .put("topic", place.getTopic())
            .put("offset", place.getOffset())
            .put("lagEvents", place.getLagEvents())
            .put("lagMillis", place.getLagMs())
            .put("lost", place.getLagMs() == LOST)
            .put("committed", committed);
        table.row(
            Printable.of(group.getName()),
            Printable.of(place.getTopic()),
            place.getOffset(),
            state.getNextOffset(),
            place.getLagEvents(),
            behind(place.getLagMs()),
            committed);
      }
    }
    String text = table.isEmpty() ? "no group has committed anything\n" : table.render();
    print(json, only == null ? text + mirrors(state, json) : text);
  }

  /** Copies into another cluster: adds them to the document, and gives a table of them. */
  private static String mirrors(FeedState state, ObjectNode json) {
    ArrayNode mirrors = json.putArray("mirrors");
    Table table = new Table("COPY", "OF", ">OFFSET", ">LAG", ">BEHIND", ">SKIPPED", "STATE");
    for (MirrorState mirror : state.getMirrorsList()) {
      FeedPlace place = mirror.getPlace();
      mirrors
          .addObject()
          .put("copy", mirror.getCopy())
          .put("topic", place.getTopic())
          .put("offset", place.getOffset())
          .put("lagEvents", place.getLagEvents())
          .put("lagMillis", place.getLagMs())
          .put("skipped", mirror.getSkipped())
          .put("state", mirror.getState())
          .put("detail", mirror.getDetail());
      table.row(
          mirror.getCopy(),
          place.getTopic(),
          place.getOffset() < 0 ? "-" : place.getOffset(),
          place.getLagEvents() < 0 ? "-" : place.getLagEvents(),
          behind(place.getLagMs()),
          mirror.getSkipped(),
          mirror.getState() + (mirror.getDetail().isEmpty() ? "" : ": " + mirror.getDetail()));
    }
    return table.isEmpty() ? "" : "\n" + table.render();
  }

  private static String behind(long millis) {
    if (millis < 0) {
      return millis == LOST ? "lost" : "unknown";
    }
    return millis / 1_000 + "." + millis % 1_000 / 100 + " s";
  }
}
