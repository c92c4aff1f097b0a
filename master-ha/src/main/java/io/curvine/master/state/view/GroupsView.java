/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Consumer groups of the feed, and how far they have come. As thread-safe as its reader. */
public final class GroupsView {
  private final KvReader reader;

  GroupsView(KvReader reader) {
    this.reader = reader;
  }

  /** The group, or null: it is not there, or only its offsets are. */
  public ConsumerGroup find(String name) {
    return reader.get(ColumnFamily.GROUPS, Keys.of(name));
  }

  /** The offset that was committed, or null. */
  public GroupOffset offset(String group, String topic, int partition) {
    return reader.get(ColumnFamily.GROUP_OFFSETS, Keys.groupOffset(group, topic, partition));
  }

  /** Everything that a group has committed. */
  public List<GroupOffset> offsets(String group) {
    List<GroupOffset> offsets = new ArrayList<>();
    Key prefix = Keys.groupOffsets(group);
    reader.scan(
        ColumnFamily.GROUP_OFFSETS,
        prefix,
        Keys.after(prefix),
        (key, offset) -> offsets.add(offset));
    return offsets;
  }

  /** Visits all groups by name. */
  public void scan(Consumer<ConsumerGroup> visitor) {
    reader.scan(
        ColumnFamily.GROUPS,
        Keys.EMPTY,
        null,
        (key, group) -> {
          visitor.accept(group);
          return true;
        });
  }

  /** Visits all offsets, those of a group one after the other. */
  public void scanOffsets(BiConsumer<String, GroupOffset> visitor) {
    reader.scan(
        ColumnFamily.GROUP_OFFSETS,
        Keys.EMPTY,
        null,
        (key, offset) -> {
          visitor.accept(Keys.groupOf(key), offset);
          return true;
        });
  }
}
