/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupDeleted;
import io.curvine.protocol.proto.GroupOffsetsCommitted;
import io.curvine.protocol.proto.GroupOffsetsDeleted;
import io.curvine.protocol.proto.GroupPartition;
import io.curvine.protocol.proto.GroupSaved;

/** Events of the feed's consumer groups. */
final class GroupAppliers {
  private GroupAppliers() {}

  static void saved(GroupSaved event, MutableState state) {
    ConsumerGroup group = event.getGroup();
    requireNotOver(group.getName(), group.getGeneration(), state);
    state.groups().put(group);
  }

  static void committed(GroupOffsetsCommitted event, MutableState state) {
    if (event.getGeneration() >= 0) {
      requireNotOver(event.getGroup(), event.getGeneration(), state);
    }
    event.getOffsetsList().forEach(offset -> state.groups().put(event.getGroup(), offset));
  }

  private static void requireNotOver(String name, int generation, MutableState state) {
    ConsumerGroup before = state.view().groups().find(name);
    if (before != null && generation < before.getGeneration()) {
      throw new IllegalStateException(
          "group " + name + " is at generation " + before.getGeneration() + ", not " + generation);
    }
  }

  static void deleted(GroupDeleted event, MutableState state) {
    ConsumerGroup group = state.view().groups().find(event.getGroup());
    if (group == null && state.view().groups().offsets(event.getGroup()).isEmpty()) {
      throw new IllegalStateException("no group " + event.getGroup());
    }
    if (group != null && group.getMembersCount() > 0) {
      throw new IllegalStateException("group " + event.getGroup() + " has members");
    }
    state.groups().remove(event.getGroup());
  }

  static void offsetsDeleted(GroupOffsetsDeleted event, MutableState state) {
    for (GroupPartition partition : event.getPartitionsList()) {
      String topic = partition.getTopic();
      if (state.view().groups().offset(event.getGroup(), topic, partition.getPartition()) == null) {
        throw new IllegalStateException("group " + event.getGroup() + " has no offset of " + topic);
      }
      state.groups().remove(event.getGroup(), topic, partition.getPartition());
    }
  }
}
