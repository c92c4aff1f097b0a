/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CommitGroupOffsets;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.DeleteGroup;
import io.curvine.protocol.proto.DeleteGroupOffsets;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.GroupDeleted;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupOffsetsCommitted;
import io.curvine.protocol.proto.GroupOffsetsDeleted;
import io.curvine.protocol.proto.GroupPartition;
import io.curvine.protocol.proto.GroupSaved;
import io.curvine.protocol.proto.SaveGroup;

/**
 * Commands on consumer groups. Their coordinator has checked who asks; here a generation that is
 * over is fenced once more, so that what it left in a queue cannot undo what came after it.
 */
final class GroupDeciders {
  private GroupDeciders() {}

  static void save(SaveGroup command, Context context) throws Refused {
    ConsumerGroup group = command.getGroup();
    Texts.require("a group's name", group.getName());
    ConsumerGroup saved = context.groups().find(group.getName());
    if (saved != null && group.getGeneration() < saved.getGeneration()) {
      throw fenced(group.getName(), group.getGeneration(), saved);
    }
    context.emit(
        Event.newBuilder()
            .setGroupSaved(
                GroupSaved.newBuilder()
                    .setGroup(group.toBuilder().setSavedNanos(context.nowNanos()))));
  }

  static void commit(CommitGroupOffsets command, Context context) throws Refused {
    Texts.require("a group's name", command.getGroup());
    requireCount("offsets", command.getOffsetsCount());
    ConsumerGroup saved = context.groups().find(command.getGroup());
    boolean member = command.getGeneration() >= 0;
    if (saved != null
        && (member
            ? command.getGeneration() < saved.getGeneration()
            : saved.getMembersCount() > 0)) {
      throw fenced(command.getGroup(), command.getGeneration(), saved);
    }
    GroupOffsetsCommitted.Builder committed =
        GroupOffsetsCommitted.newBuilder()
            .setGroup(command.getGroup())
            .setGeneration(command.getGeneration());
    for (GroupOffset offset : command.getOffsetsList()) {
      Texts.require("a topic's name", offset.getTopic());
      committed.addOffsets(offset.toBuilder().setCommittedNanos(context.nowNanos()));
    }
    context.emit(Event.newBuilder().setGroupOffsetsCommitted(committed));
  }

  static void delete(DeleteGroup command, Context context) throws Refused {
    String name = command.getGroup();
    ConsumerGroup saved = context.groups().find(name);
    if (saved != null && saved.getMembersCount() > 0) {
      throw new Refused(
          ErrorCode.NOT_EMPTY,
          "group " + name + " has " + saved.getMembersCount() + " members; allowed: none");
    }
    if (saved == null && context.groups().offsets(name).isEmpty()) {
      throw new Refused(ErrorCode.NOT_FOUND, "no group " + name);
    }
    FloorDeciders.stay(name, context);
    context.emit(Event.newBuilder().setGroupDeleted(GroupDeleted.newBuilder().setGroup(name)));
  }

  static void deleteOffsets(DeleteGroupOffsets command, Context context) throws Refused {
    requireCount("partitions", command.getPartitionsCount());
    GroupOffsetsDeleted.Builder deleted =
        GroupOffsetsDeleted.newBuilder().setGroup(command.getGroup());
    for (GroupPartition partition : command.getPartitionsList()) {
      String topic = partition.getTopic();
      if (context.groups().offset(command.getGroup(), topic, partition.getPartition()) != null) {
        deleted.addPartitions(partition);
      }
    }
    if (deleted.getPartitionsCount() > 0) {
      FloorDeciders.stay(command.getGroup(), context);
      context.emit(Event.newBuilder().setGroupOffsetsDeleted(deleted));
    }
  }

  private static Refused fenced(String group, int generation, ConsumerGroup saved) {
    return new Refused(
        ErrorCode.FENCED,
        "generation "
            + generation
            + " of group "
            + group
            + " is over; allowed: "
            + saved.getGeneration()
            + " or later");
  }

  private static void requireCount(String what, int count) throws Refused {
    if (count < 1 || count > Limits.GROUP_COMMIT_MAX_OFFSETS) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          what + " are " + count + "; allowed: 1 to " + Limits.GROUP_COMMIT_MAX_OFFSETS);
    }
  }
}
