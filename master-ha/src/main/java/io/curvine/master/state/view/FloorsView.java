/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.FeedFloor;
import io.curvine.protocol.proto.GroupOffset;
import java.util.ArrayList;
import java.util.List;

/** Floors of the feed: which events are kept for whom. As thread-safe as its reader. */
public final class FloorsView {
  private final KvReader reader;
  private final GroupsView groups;

  FloorsView(KvReader reader, GroupsView groups) {
    this.reader = reader;
    this.groups = groups;
  }

  /** The floor, or null. */
  public FeedFloor find(String name) {
    return reader.get(ColumnFamily.FLOORS, Keys.of(name));
  }

  /** All of them, by name. */
  public List<FeedFloor> all() {
    List<FeedFloor> floors = new ArrayList<>();
    reader.scan(ColumnFamily.FLOORS, Keys.EMPTY, null, (key, floor) -> floors.add(floor));
    return floors;
  }

  /** The first offset that a floor keeps now. */
  public long offsetOf(FeedFloor floor) {
    if (floor.getGroup().isEmpty()) {
      return floor.getOffset();
    }
    return groups.offsets(floor.getGroup()).stream()
        .mapToLong(GroupOffset::getOffset)
        .min()
        .orElse(floor.getOffset());
  }

  /** The first offset that any of them keeps; without floors the largest number there is. */
  public long lowest() {
    return all().stream().mapToLong(this::offsetOf).min().orElse(Long.MAX_VALUE);
  }
}
