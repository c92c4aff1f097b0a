/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.kafka.group.FakeGroupJournal;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every request on groups in every version that is offered, byte by byte over a socket. */
@Timeout(120)
final class GroupProtocolTest {
  private static final byte[] SUBSCRIPTION = {1, 2};
  private static final byte[] SHARE = {3, 4, 5};

  @TempDir private Path dir;

  private JournalLog log;
  private GroupCoordinator groups;
  private KafkaFront front;
  private Wire wire;

  @BeforeEach
  void start() throws Exception {
    log = JournalLog.open(dir, JournalConfig.defaults());
    groups =
        new GroupCoordinator(
            new FakeGroupJournal(), Duration.ofDays(7), System::nanoTime, System::nanoTime);
    front =
        KafkaFront.start(
            new HostPort("127.0.0.1", 0),
            () -> List.of(new Broker(1, "127.0.0.1", front.port(), true)),
            new Topics(log, Map.of()),
            groups);
    wire = new Wire(front.port());
  }

  @AfterEach
  void stop() throws Exception {
    wire.close();
    front.close();
    groups.close();
    log.close();
  }

  private JoinGroupResponseData join(int version, String group, String memberId)
      throws IOException {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(SUBSCRIPTION));
    JoinGroupRequestData request =
        new JoinGroupRequestData()
            .setGroupId(group)
            .setSessionTimeoutMs(30_000)
            .setRebalanceTimeoutMs(30_000)
            .setMemberId(memberId)
            .setProtocolType("consumer")
            .setProtocols(protocols);
    return wire.call(ApiKeys.JOIN_GROUP, version, request, new JoinGroupResponseData());
  }

  private JoinGroupResponseData joinAll(int version, String group) throws IOException {
    JoinGroupResponseData first = join(version, group, "");
    if (version < 4) {
      return first;
    }
    assertThat(first.errorCode()).isEqualTo(Errors.MEMBER_ID_REQUIRED.code());
    return join(version, group, first.memberId());
  }

  private SyncGroupResponseData sync(int version, String group, JoinGroupResponseData joined)
      throws IOException {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(group)
            .setMemberId(joined.memberId())
            .setGenerationId(joined.generationId())
            .setAssignments(
                List.of(
                    new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId(joined.memberId())
                        .setAssignment(SHARE)));
    if (version >= 5) {
      request.setProtocolType("consumer").setProtocolName("range");
    }
    return wire.call(ApiKeys.SYNC_GROUP, version, request, new SyncGroupResponseData());
  }

  @Test
  void members() throws Exception {
    groups.leadershipBegins();
    for (int version = 0; version <= 9; version++) {
      String group = "g" + version;
      JoinGroupResponseData joined = joinAll(version, group);
      assertThat(joined.errorCode()).isZero();
      assertThat(joined.generationId()).isOne();
      assertThat(joined.protocolName()).isEqualTo("range");
      assertThat(joined.leader()).isEqualTo(joined.memberId());
      assertThat(joined.members()).hasSize(1);
      assertThat(joined.members().get(0).metadata()).isEqualTo(SUBSCRIPTION);
      int syncVersion = Math.min(version, 5);
      assertThat(sync(syncVersion, group, joined).assignment()).isEqualTo(SHARE);
      int beatVersion = Math.min(version, 4);
      var beat =
          new HeartbeatRequestData()
              .setGroupId(group)
              .setMemberId(joined.memberId())
              .setGenerationId(1);
      assertThat(
              wire.call(ApiKeys.HEARTBEAT, beatVersion, beat, new HeartbeatResponseData())
                  .errorCode())
          .isZero();
      assertThat(leave(Math.min(version, 5), group, joined.memberId())).isZero();
      assertThat(leave(Math.min(version, 5), group, joined.memberId()))
          .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
      assertThat(join(version, group, joined.memberId()).errorCode())
          .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
    }
  }

  private short leave(int version, String group, String memberId) throws IOException {
    LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(group);
    if (version < 3) {
      request.setMemberId(memberId);
    } else {
      request.setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId(memberId)));
    }
    var answer = wire.call(ApiKeys.LEAVE_GROUP, version, request, new LeaveGroupResponseData());
    return version < 3 || answer.members().isEmpty()
        ? answer.errorCode()
        : answer.members().get(0).errorCode();
  }

  private List<Short> commit(int version, String group, OffsetCommitRequestPartition... offsets)
      throws IOException {
    var request =
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName(Topics.JOURNAL)
                        .setPartitions(List.of(offsets)),
                    new OffsetCommitRequestTopic()
                        .setName("other")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()))));
    List<Short> errors = new ArrayList<>();
    wire.call(ApiKeys.OFFSET_COMMIT, version, request, new OffsetCommitResponseData())
        .topics()
        .forEach(topic -> topic.partitions().forEach(each -> errors.add(each.errorCode())));
    return errors;
  }

  private static OffsetCommitRequestPartition offset(long offset, String metadata) {
    return new OffsetCommitRequestPartition()
        .setCommittedOffset(offset)
        .setCommittedMetadata(metadata);
  }

  @Test
  void offsets() throws Exception {
    groups.leadershipBegins();
    short unknown = Errors.UNKNOWN_TOPIC_OR_PARTITION.code();
    for (int version = 2; version <= 9; version++) {
      assertThat(commit(version, "g" + version, offset(40 + version, "here")))
          .containsExactly((short) 0, unknown);
    }
    assertThat(commit(9, "g2", offset(1, null), offset(1, "x").setPartitionIndex(1)))
        .containsExactly((short) 0, unknown, unknown);
    assertThat(commit(9, "g2", offset(1, "x".repeat(4_097))))
        .containsExactly(Errors.OFFSET_METADATA_TOO_LARGE.code(), unknown);
    assertThat(commit(9, "g2", offset(-1, "")))
        .containsExactly(Errors.OFFSET_OUT_OF_RANGE.code(), unknown);
    assertThat(commit(9, "g2", offset(42, "here"))).containsExactly((short) 0, unknown);
    for (int version = 1; version <= 7; version++) {
      assertThat(fetchOne(version, "g2", false)).containsExactly("curvine.journal 0 42 here 0");
      assertThat(fetchOne(version, "none", false)).containsExactly("curvine.journal 0 -1  0");
      if (version >= 2) {
        assertThat(fetchOne(version, "g2", true)).containsExactly("curvine.journal 0 42 here 0");
        assertThat(fetchOne(version, "none", true)).isEmpty();
      }
    }
    for (int version = 8; version <= 9; version++) {
      var topic =
          new OffsetFetchRequestData.OffsetFetchRequestTopics()
              .setName(Topics.JOURNAL)
              .setPartitionIndexes(List.of(0));
      var request =
          new OffsetFetchRequestData()
              .setGroups(
                  List.of(
                      new OffsetFetchRequestData.OffsetFetchRequestGroup()
                          .setGroupId("g3")
                          .setTopics(List.of(topic)),
                      new OffsetFetchRequestData.OffsetFetchRequestGroup()
                          .setGroupId("g4")
                          .setTopics(null)));
      var answer = wire.call(ApiKeys.OFFSET_FETCH, version, request, new OffsetFetchResponseData());
      assertThat(answer.groups())
          .extracting(group -> group.topics().get(0).partitions().get(0).committedOffset())
          .containsExactly(43L, 44L);
    }
  }

  private List<String> fetchOne(int version, String group, boolean all) throws IOException {
    var topic =
        new OffsetFetchRequestData.OffsetFetchRequestTopic()
            .setName(Topics.JOURNAL)
            .setPartitionIndexes(List.of(0));
    var request =
        new OffsetFetchRequestData().setGroupId(group).setTopics(all ? null : List.of(topic));
    List<String> found = new ArrayList<>();
    var answer = wire.call(ApiKeys.OFFSET_FETCH, version, request, new OffsetFetchResponseData());
    assertThat(answer.errorCode()).isZero();
    for (var told : answer.topics()) {
      for (var each : told.partitions()) {
        found.add(
            told.name()
                + " "
                + each.partitionIndex()
                + " "
                + each.committedOffset()
                + " "
                + each.metadata()
                + " "
                + each.errorCode());
      }
    }
    return found;
  }

  @Test
  void whatOperatorsAsk() throws Exception {
    groups.leadershipBegins();
    JoinGroupResponseData joined = joinAll(9, "busy");
    sync(5, "busy", joined);
    for (int version = 0; version <= 5; version++) {
      var request = new DescribeGroupsRequestData().setGroups(List.of("busy", "none"));
      var described =
          wire.call(ApiKeys.DESCRIBE_GROUPS, version, request, new DescribeGroupsResponseData())
              .groups();
      assertThat(described)
          .extracting(group -> group.groupId() + " " + group.groupState())
          .containsExactly("busy Stable", "none Dead");
      var member = described.get(0).members().get(0);
      assertThat(member.memberId()).isEqualTo(joined.memberId());
      assertThat(member.clientId()).isEqualTo("test");
      assertThat(member.clientHost()).isEqualTo("/127.0.0.1");
      assertThat(member.memberMetadata()).isEqualTo(SUBSCRIPTION);
      assertThat(member.memberAssignment()).isEqualTo(SHARE);
    }
    for (int version = 0; version <= 2; version++) {
      assertThat(commit(9, "idle", offset(1, ""))).startsWith((short) 0);
      assertThat(list(Math.min(version, 4), List.of())).containsExactlyInAnyOrder("busy", "idle");
      var request = new DeleteGroupsRequestData().setGroupsNames(List.of("busy", "idle", "none"));
      var deleted =
          wire.call(ApiKeys.DELETE_GROUPS, version, request, new DeleteGroupsResponseData())
              .results();
      assertThat(deleted.find("busy").errorCode()).isEqualTo(Errors.NON_EMPTY_GROUP.code());
      assertThat(deleted.find("idle").errorCode()).isZero();
      assertThat(deleted.find("none").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
      assertThat(list(3 + version % 2, List.of())).containsExactly("busy");
    }
    assertThat(list(4, List.of("Stable"))).containsExactly("busy");
    assertThat(list(4, List.of("empty"))).isEmpty();
    assertThat(commit(9, "idle", offset(1, ""))).startsWith((short) 0);
    assertThat(deleteOffset("idle")).isEqualTo("0 [curvine.journal 0]");
    assertThat(fetchOne(7, "idle", false)).containsExactly("curvine.journal 0 -1  0");
    assertThat(deleteOffset("none")).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code() + " []");
  }

  private List<String> list(int version, List<String> states) throws IOException {
    ListGroupsRequestData request = new ListGroupsRequestData();
    if (version >= 4) {
      request.setStatesFilter(states);
    }
    var answer = wire.call(ApiKeys.LIST_GROUPS, version, request, new ListGroupsResponseData());
    assertThat(answer.errorCode()).isZero();
    return answer.groups().stream().map(ListGroupsResponseData.ListedGroup::groupId).toList();
  }

  private String deleteOffset(String group) throws IOException {
    var topics = new OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection();
    topics.add(
        new OffsetDeleteRequestData.OffsetDeleteRequestTopic()
            .setName(Topics.JOURNAL)
            .setPartitions(List.of(new OffsetDeleteRequestData.OffsetDeleteRequestPartition())));
    var request = new OffsetDeleteRequestData().setGroupId(group).setTopics(topics);
    var answer = wire.call(ApiKeys.OFFSET_DELETE, 0, request, new OffsetDeleteResponseData());
    List<String> partitions = new ArrayList<>();
    for (var topic : answer.topics()) {
      topic.partitions().forEach(each -> partitions.add(topic.name() + " " + each.errorCode()));
    }
    return answer.errorCode() + " " + partitions;
  }

  @Test
  void aFollowerSendsEverybodyAwayInEveryVersion() throws Exception {
    short notHere = Errors.NOT_COORDINATOR.code();
    for (int version = 0; version <= 9; version++) {
      JoinGroupResponseData joined = join(version, "g", "");
      assertThat(joined.errorCode()).isEqualTo(notHere);
      assertThat(sync(Math.min(version, 5), "g", joined).errorCode()).isEqualTo(notHere);
      assertThat(leave(Math.min(version, 5), "g", "m")).isEqualTo(notHere);
    }
    for (int version = 2; version <= 9; version++) {
      assertThat(commit(version, "g", offset(1, ""))).startsWith(notHere);
    }
    var topic =
        new OffsetFetchRequestData.OffsetFetchRequestTopic()
            .setName(Topics.JOURNAL)
            .setPartitionIndexes(List.of(0));
    var fetch = new OffsetFetchRequestData().setGroupId("g").setTopics(List.of(topic));
    var old = wire.call(ApiKeys.OFFSET_FETCH, 1, fetch, new OffsetFetchResponseData());
    assertThat(old.topics().get(0).partitions().get(0).errorCode()).isEqualTo(notHere);
    var later = wire.call(ApiKeys.OFFSET_FETCH, 7, fetch, new OffsetFetchResponseData());
    assertThat(later.errorCode()).isEqualTo(notHere);
    assertThat(list(4, List.of())).as("tools put all answers together").isEmpty();
    assertThat(deleteOffset("g")).isEqualTo(notHere + " []");
  }
}
