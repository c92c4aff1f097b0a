/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupOffset;

/** Writes the feed's consumer groups. */
public final class GroupsMutator {
  private final KvWriter writer;

  GroupsMutator(KvWriter writer) {
    this.writer = writer;
  }

  public void put(ConsumerGroup group) {
    writer.put(ColumnFamily.GROUPS, Keys.of(group.getName()), group);
  }

  public void put(String group, GroupOffset offset) {
    writer.put(
        ColumnFamily.GROUP_OFFSETS,
        Keys.groupOffset(group, offset.getTopic(), offset.getPartition()),
        offset);
  }

  public void remove(String group, String topic, int partition) {
    writer.delete(ColumnFamily.GROUP_OFFSETS, Keys.groupOffset(group, topic, partition));
  }

  /** The group and all its offsets. */
  public void remove(String group) {
    writer.delete(ColumnFamily.GROUPS, Keys.of(group));
    Key prefix = Keys.groupOffsets(group);
    writer.deleteRange(ColumnFamily.GROUP_OFFSETS, prefix, Keys.after(prefix));
  }
}
