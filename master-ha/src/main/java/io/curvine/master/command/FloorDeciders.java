/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FeedFloor;
import io.curvine.protocol.proto.FeedFloorRemoved;
import io.curvine.protocol.proto.FeedFloorSet;
import io.curvine.protocol.proto.RemoveFeedFloor;
import io.curvine.protocol.proto.SetFeedFloor;

/** Commands on the feed's floors. */
final class FloorDeciders {
  private FloorDeciders() {}

  static void set(SetFeedFloor command, Context context) throws Refused {
    FeedFloor floor = command.getFloor();
    Texts.require("a floor's name", floor.getName());
    if (!floor.getGroup().isEmpty()) {
      Texts.require("a group's name", floor.getGroup());
    }
    long end = context.meta().nextOffset();
    if (floor.getOffset() < 0 || floor.getOffset() > end) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "a floor's offset is "
              + floor.getOffset()
              + "; allowed: 0 to "
              + end
              + ", where the journal ends");
    }
    FeedFloor before = context.floors().find(floor.getName());
    if (before == null && context.floors().all().size() >= Limits.FEED_FLOORS_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "there are " + Limits.FEED_FLOORS_MAX + " floors, as many as are allowed");
    }
    if (before == null || !floor.equals(before.toBuilder().clearSetNanos().build())) {
      put(floor, context);
    }
  }

  /** Asked twice, it is done once: nobody can tell a name that never was from one that is gone. */
  static void remove(RemoveFeedFloor command, Context context) {
    if (context.floors().find(command.getName()) != null) {
      context.emit(
          Event.newBuilder()
              .setFeedFloorRemoved(FeedFloorRemoved.newBuilder().setName(command.getName())));
    }
  }

  /** What a group has committed goes; floors that went with it stay where it was. */
  static void stay(String group, Context context) {
    for (FeedFloor floor : context.floors().all()) {
      long offset = context.floors().offsetOf(floor);
      if (floor.getGroup().equals(group) && offset != floor.getOffset()) {
        put(floor.toBuilder().setOffset(offset).build(), context);
      }
    }
  }

  private static void put(FeedFloor floor, Context context) {
    context.emit(
        Event.newBuilder()
            .setFeedFloorSet(
                FeedFloorSet.newBuilder()
                    .setFloor(floor.toBuilder().setSetNanos(context.nowNanos()))));
  }
}
