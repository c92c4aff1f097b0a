/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommitGroupOffsets;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.DeleteGroup;
import io.curvine.protocol.proto.DeleteGroupOffsets;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FeedFloor;
import io.curvine.protocol.proto.GroupMember;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import io.curvine.protocol.proto.RemoveFeedFloor;
import io.curvine.protocol.proto.SaveGroup;
import io.curvine.protocol.proto.SetFeedFloor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consumer groups in the state, and what is refused of them. */
final class GroupCommandsTest {
  @TempDir private Path directory;
  private FollowerCore follower;
  private Core core;

  @BeforeEach
  void open() throws IOException {
    follower = new FollowerCore(directory.resolve("follower"));
    core = new Core(directory, follower::apply);
  }

  @AfterEach
  void close() throws IOException {
    follower.compare(core.store(), core.journal(), "at the end");
    core.close();
    follower.close();
  }

  private static Command.Builder save(String name, int generation, String... members) {
    ConsumerGroup.Builder group =
        ConsumerGroup.newBuilder().setName(name).setGeneration(generation).setProtocol("range");
    for (String member : members) {
      group.addMembers(
          GroupMember.newBuilder()
              .setId(member)
              .setAssignment(ByteString.copyFromUtf8("all of " + member)));
    }
    return Command.newBuilder().setSaveGroup(SaveGroup.newBuilder().setGroup(group));
  }

  private static Command.Builder commit(String group, int generation, long... offsets) {
    CommitGroupOffsets.Builder commit =
        CommitGroupOffsets.newBuilder().setGroup(group).setGeneration(generation);
    for (int partition = 0; partition < offsets.length; partition++) {
      commit.addOffsets(
          GroupOffset.newBuilder()
              .setTopic("t")
              .setPartition(partition)
              .setOffset(offsets[partition])
              .setLeaderEpoch(-1));
    }
    return Command.newBuilder().setCommitGroupOffsets(commit);
  }

  private static Command.Builder delete(String group) {
    return Command.newBuilder().setDeleteGroup(DeleteGroup.newBuilder().setGroup(group));
  }

  private static Command.Builder deleteOffset(String group, int partition) {
    return Command.newBuilder()
        .setDeleteGroupOffsets(
            DeleteGroupOffsets.newBuilder()
                .setGroup(group)
                .addPartitions(GroupPartition.newBuilder().setTopic("t").setPartition(partition)));
  }

  private static Command.Builder floor(String name, String group, long offset) {
    return Command.newBuilder()
        .setSetFeedFloor(
            SetFeedFloor.newBuilder()
                .setFloor(FeedFloor.newBuilder().setName(name).setGroup(group).setOffset(offset)));
  }

  private static Command.Builder end(String floor) {
    return Command.newBuilder().setRemoveFeedFloor(RemoveFeedFloor.newBuilder().setName(floor));
  }

  /** So many are in the journal then, or more. */
  private void events(long count) {
    for (int i = 0; core.view().meta().nextOffset() < count; i++) {
      core.accepted(commit("other", -1, i));
    }
  }

  @Test
  void aFloorGoesWithItsGroupAndStaysWhereThatEnded() throws IOException {
    events(60);
    assertThat(core.view().floors().lowest()).isEqualTo(Long.MAX_VALUE);
    core.accepted(floor("fixed", "", 30));
    core.accepted(floor("moving", "g", 2));
    assertThat(core.view().floors().lowest()).as("nothing is committed yet").isEqualTo(2);
    core.accepted(commit("g", -1, 40, 20));
    assertThat(core.view().floors().lowest()).isEqualTo(20);
    core.accepted(commit("g", -1, 40, 35));
    assertThat(core.view().floors().lowest()).isEqualTo(30);
    core.accepted(delete("g"));
    core.restart();
    FeedFloor moving = core.view().floors().find("moving");
    assertThat(core.view().floors().offsetOf(moving)).as("where the group was").isEqualTo(35);
    core.accepted(end("fixed"));
    assertThat(core.view().floors().lowest()).isEqualTo(35);
    core.accepted(commit("g", -1, 50));
    assertThat(core.view().floors().lowest()).as("the group is back").isEqualTo(50);
    core.accepted(deleteOffset("g", 0));
    assertThat(core.view().floors().lowest()).isEqualTo(50);
    core.accepted(end("moving"));
    assertThat(core.view().floors().lowest()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aFloorThatCannotBeIsRefused() {
    events(600);
    long end = core.view().meta().nextOffset();
    assertThat(core.refused(floor("f", "", end + 1)).message())
        .isEqualTo(
            "a floor's offset is "
                + (end + 1)
                + "; allowed: 0 to "
                + end
                + ", where the journal ends");
    assertThat(core.refused(floor("", "", 1)).message())
        .isEqualTo("a floor's name has 0 characters; allowed: 1 to 255, none of them NUL");
    assertThat(core.refused(floor("f", "a\0b", 1)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(floor("f", "", -1)).message())
        .startsWith("a floor's offset is -1; allowed: 0 to ");
    assertThat(core.run(end("f"))).isInstanceOf(Decision.Unchanged.class);
    for (int i = 0; i < Limits.FEED_FLOORS_MAX; i++) {
      core.accepted(floor("f" + i, "", i));
    }
    assertThat(core.refused(floor("f", "", 1)).message())
        .isEqualTo("there are 100 floors, as many as are allowed");
    core.accepted(floor("f7", "", 500));
    assertThat(core.view().floors().find("f7").getOffset()).isEqualTo(500);
    assertThat(core.run(floor("f7", "", 500)))
        .as("asked twice, done once")
        .isInstanceOf(Decision.Unchanged.class);
  }

  private List<Long> offsets(String group) {
    return core.view().groups().offsets(group).stream().map(GroupOffset::getOffset).toList();
  }

  @Test
  void aGroupIsKeptAsItWasSavedLast() throws IOException {
    core.accepted(save("g", 1, "a"));
    core.accepted(save("g", 3, "a", "b"));
    core.accepted(save("g", 3, "a", "c"));
    core.restart();
    ConsumerGroup saved = core.view().groups().find("g");
    assertThat(saved.getMembersList()).extracting(GroupMember::getId).containsExactly("a", "c");
    assertThat(saved.getSavedNanos()).isPositive();
    Decision.Refused refused = core.refused(save("g", 2, "a"));
    assertThat(refused.code()).isEqualTo(ErrorCode.FENCED);
    assertThat(refused.message()).isEqualTo("generation 2 of group g is over; allowed: 3 or later");
  }

  @Test
  void anOlderGenerationDoesNotCommit() {
    core.accepted(commit("g", -1, 5));
    core.accepted(save("g", 1, "a"));
    core.accepted(commit("g", 1, 10, 20));
    assertThat(core.refused(commit("g", -1, 1)).code()).isEqualTo(ErrorCode.FENCED);
    core.accepted(save("g", 2, "b"));
    assertThat(core.refused(commit("g", 1, 1)).code()).isEqualTo(ErrorCode.FENCED);
    assertThat(offsets("g")).containsExactly(10L, 20L);
    core.accepted(save("g", 3));
    core.accepted(commit("g", -1, 7));
    assertThat(offsets("g")).containsExactly(7L, 20L);
    assertThat(core.view().groups().offset("g", "t", 0).getCommittedNanos()).isPositive();
  }

  @Test
  void aGroupGoesWithItsOffsets() {
    core.accepted(commit("g", -1, 1, 2));
    core.accepted(commit("ga", -1, 3));
    core.accepted(save("g", 1, "a"));
    assertThat(core.refused(delete("g")).code()).isEqualTo(ErrorCode.NOT_EMPTY);
    core.accepted(save("g", 2));
    core.accepted(delete("g"));
    assertThat(core.view().groups().find("g")).isNull();
    assertThat(offsets("g")).isEmpty();
    assertThat(offsets("ga")).as("another one of a name that begins alike").containsExactly(3L);
    assertThat(core.refused(delete("g")).code()).isEqualTo(ErrorCode.NOT_FOUND);
    core.accepted(delete("ga"));
    List<String> left = new ArrayList<>();
    core.view().groups().scanOffsets((group, offset) -> left.add(group));
    assertThat(left).isEmpty();
    core.accepted(commit("g", -1, 4));
    assertThat(offsets("g")).as("made anew").containsExactly(4L);
  }

  @Test
  void offsetsGoOneByOne() {
    core.accepted(commit("g", -1, 1, 2));
    core.accepted(deleteOffset("g", 0));
    assertThat(offsets("g")).containsExactly(2L);
    assertThat(core.run(deleteOffset("g", 0))).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.run(deleteOffset("other", 0))).isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void allOffsetsAreFoundUnderTheirGroups() {
    core.accepted(commit("b", -1, 1, 2));
    core.accepted(commit("a\u00e9", -1, 3));
    List<String> found = new ArrayList<>();
    core.view()
        .groups()
        .scanOffsets((group, offset) -> found.add(group + " " + offset.getOffset()));
    assertThat(found).containsExactly("a\u00e9 3", "b 1", "b 2");
  }

  @Test
  void namesAndNumbersAreBounded() {
    for (String name : List.of("", "a\0b", "x".repeat(256))) {
      assertThat(core.refused(save(name, 1)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(core.refused(commit(name, -1, 1)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
    assertThat(core.refused(commit("g", -1)).message())
        .isEqualTo("offsets are 0; allowed: 1 to 1000");
    assertThat(core.refused(commit("g", -1, new long[1_001])).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }
}
