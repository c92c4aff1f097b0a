/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedPlace;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.FloorState;
import io.curvine.protocol.proto.MirrorState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What can be wrong with those who follow the feed. Stateless. */
final class FeedChecks {
  private static final long LOST = -1;
  private static final long LAG_MAX_MS = Duration.ofHours(1).toMillis();

  private FeedChecks() {}

  static List<Finding> all(FeedState state) {
    List<Finding> found = new ArrayList<>();
    for (FeedGroup group : state.getGroupsList()) {
      group.getPlacesList().forEach(place -> place("group " + group.getName(), place, found));
    }
    for (MirrorState mirror : state.getMirrorsList()) {
      if (!mirror.getDetail().isEmpty()) {
        found.add(
            Finding.error(
                "mirror " + mirror.getCopy(),
                "is " + mirror.getState() + ": " + mirror.getDetail(),
                "'gap' and 'refused' wait for a decision, see [feed.mirror]; 'failing' goes on by"
                    + " itself when the other cluster answers"));
      }
    }
    for (FloorState floor : state.getFloorsList()) {
      if (floor.getPassed()) {
        found.add(
            Finding.warning(
                "floor " + floor.getFloor().getName(),
                "keeps from offset "
                    + floor.getOffset()
                    + " on, but the journal begins at "
                    + state.getFirstOffset(),
                "its consumer has to begin again with 'feed bootstrap'; 'feed floor set' moves it"));
      }
    }
    return found;
  }

  private static void place(String subject, FeedPlace place, List<Finding> found) {
    if (place.getLagMs() == LOST) {
      found.add(
          Finding.warning(
              subject,
              "is at offset "
                  + place.getOffset()
                  + " of "
                  + place.getTopic()
                  + ", which the journal has no more",
              "it has to begin again with 'feed bootstrap'; a floor prevents it the next time"));
    } else if (place.getLagMs() > LAG_MAX_MS) {
      found.add(
          Finding.warning(
              subject,
              "has not read "
                  + place.getLagEvents()
                  + " events of "
                  + place.getTopic()
                  + ", the first "
                  + Duration.ofMillis(place.getLagMs()).toMinutes()
                  + " minutes old",
              "look at the consumer; 'feed groups' shows its members"));
    }
  }
}
