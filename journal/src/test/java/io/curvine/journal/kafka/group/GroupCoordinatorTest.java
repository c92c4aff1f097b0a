/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import static java.util.concurrent.TimeUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GroupMember;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The coordinator over a journal that does what a test says; its clocks stand still. */
@Timeout(60)
final class GroupCoordinatorTest {
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Identity NOBODY = Talk.member("");

  private final FakeGroupJournal journal = new FakeGroupJournal();
  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong epoch = new AtomicLong(DAYS.toNanos(20_000));
  private GroupCoordinator coordinator;

  @BeforeEach
  void start() {
    coordinator = new GroupCoordinator(journal, RETENTION, clock::get, epoch::get);
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  private static GroupOffset offset(long offset) {
    return GroupOffset.newBuilder().setTopic("t").setOffset(offset).setLeaderEpoch(-1).build();
  }

  private static <T> T get(CompletableFuture<T> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  private Errors commit(String group, long offset) throws Exception {
    return get(coordinator.commit(group, NOBODY, -1, List.of(offset(offset))));
  }

  private long committed(String group) throws Exception {
    return get(coordinator.offsets(group)).offsets().values().stream()
        .mapToLong(GroupOffset::getOffset)
        .findFirst()
        .orElse(-1);
  }

  /** A tick of the coordinator comes after what it was asked before: this one ends a join. */
  private void passTick() throws Exception {
    JoinAnswer other = joined(coordinator.join("other", Talk.request(NOBODY, "topics", "range")));
    assertThat(other.error()).isEqualTo(Errors.NONE);
  }

  /** Lets the clock run until the coordinator's ticks have brought it about. */
  private JoinAnswer joined(CompletableFuture<JoinAnswer> joining) throws Exception {
    while (!joining.isDone()) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(GroupLimits.INITIAL_REBALANCE_DELAY_MS));
      // Its answer comes after what the thread was doing.
      get(coordinator.list());
    }
    return joining.join();
  }

  private JoinAnswer shared(JoinAnswer joined, Map<String, String> shares) throws Exception {
    SyncAnswer share = get(sync("g", joined, shares));
    assertThat(share.error()).isEqualTo(Errors.NONE);
    return joined;
  }

  private CompletableFuture<SyncAnswer> sync(
      String group, JoinAnswer joined, Map<String, String> shares) {
    Map<String, ByteString> assignments = new HashMap<>();
    shares.forEach((id, share) -> assignments.put(id, Talk.bytes(share)));
    return coordinator.sync(
        group,
        new SyncRequest(Talk.member(joined.memberId()), joined.generation(), "", "", assignments));
  }

  private JoinAnswer oneMember() throws Exception {
    JoinAnswer joined = joined(coordinator.join("g", Talk.request(NOBODY, "topics", "range")));
    return shared(joined, Map.of(joined.memberId(), "all"));
  }

  @Test
  void aFollowerSendsEverybodyAway() throws Exception {
    assertThat(commit("g", 1)).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.join("g", Talk.request(NOBODY, "topics", "range"))).error())
        .isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.heartbeat("g", NOBODY, 1))).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.leave("g", List.of(NOBODY))))
        .containsExactly(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.offsets("g")).error()).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.list()).error()).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.describe("g")).error()).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.delete("g"))).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(get(coordinator.deleteOffsets("g", List.of())).error())
        .isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(journal.load().offsets()).isEmpty();
  }

  @Test
  void aLeaderThatCannotLoadTriesAgain() throws Exception {
    journal.unreadable(true);
    coordinator.leadershipBegins();
    Errors loading = Errors.COORDINATOR_LOAD_IN_PROGRESS;
    assertThat(commit("g", 1)).isEqualTo(loading);
    assertThat(get(coordinator.offsets("g")).error()).isEqualTo(loading);
    assertThat(get(coordinator.list()).error()).isEqualTo(loading);
    assertThat(get(coordinator.join("g", Talk.request(NOBODY, "topics", "range"))).error())
        .isEqualTo(loading);
    // Of these a consumer does not know the error.
    SyncRequest sync = new SyncRequest(Talk.member("m"), 1, "", "", Map.of());
    assertThat(get(coordinator.sync("g", sync)).error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(get(coordinator.heartbeat("g", Talk.member("m"), 1))).isEqualTo(Errors.NONE);
    journal.unreadable(false);
    while (commit("g", 1) == loading) {
      clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }
    assertThat(committed("g")).isOne();
  }

  @Test
  void aCommitIsToldWhenItIsJournaled() throws Exception {
    coordinator.leadershipBegins();
    assertThat(committed("g")).isEqualTo(-1);
    journal.hold();
    var commit = coordinator.commit("g", NOBODY, -1, List.of(offset(7)));
    assertThat(committed("g")).as("not journaled").isEqualTo(-1);
    passTick();
    assertThat(commit).isNotDone();
    journal.release();
    assertThat(get(commit)).isEqualTo(Errors.NONE);
    assertThat(committed("g")).isEqualTo(7);
    assertThat(journal.offsets("g")).hasSize(1);
  }

  @Test
  void whatTheJournalRefusesIsAskedAgain() throws Exception {
    coordinator.leadershipBegins();
    Map<ErrorCode, Errors> told =
        Map.of(
            ErrorCode.BUSY, Errors.COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode.NO_SPACE, Errors.COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode.NOT_LEADER, Errors.NOT_COORDINATOR,
            ErrorCode.UNKNOWN_OUTCOME, Errors.NOT_COORDINATOR,
            ErrorCode.FENCED, Errors.ILLEGAL_GENERATION,
            ErrorCode.INTERNAL, Errors.UNKNOWN_SERVER_ERROR);
    for (Map.Entry<ErrorCode, Errors> each : told.entrySet()) {
      journal.fail(each.getKey());
      assertThat(commit("g", 5)).isEqualTo(each.getValue());
    }
    journal.fail(ErrorCode.NOT_LEADER);
    assertThat(get(coordinator.offsets("g")).error()).isEqualTo(Errors.NOT_COORDINATOR);
    journal.fail(ErrorCode.OK);
    assertThat(committed("g")).isEqualTo(-1);
    assertThat(commit("g", 5)).isEqualTo(Errors.NONE);
  }

  @Test
  void theNextLeaderKnowsMembersAndOffsets() throws Exception {
    coordinator.leadershipBegins();
    JoinAnswer joined = oneMember();
    assertThat(
            get(
                coordinator.commit(
                    "g", Talk.member(joined.memberId()), joined.generation(), List.of(offset(9)))))
        .isEqualTo(Errors.NONE);
    coordinator.leadershipEnds();
    try (GroupCoordinator next = new GroupCoordinator(journal, RETENTION, clock::get, epoch::get)) {
      next.leadershipBegins();
      Identity who = Talk.member(joined.memberId());
      assertThat(get(next.heartbeat("g", who, joined.generation()))).isEqualTo(Errors.NONE);
      assertThat(get(next.offsets("g")).offsets().values())
          .extracting(GroupOffset::getOffset)
          .containsExactly(9L);
      assertThat(get(next.commit("g", who, joined.generation(), List.of(offset(10)))))
          .isEqualTo(Errors.NONE);
      assertThat(get(next.commit("g", who, joined.generation() - 1, List.of(offset(1)))))
          .isEqualTo(Errors.ILLEGAL_GENERATION);
    }
    assertThat(get(coordinator.heartbeat("g", NOBODY, 1))).isEqualTo(Errors.NOT_COORDINATOR);
  }

  @Test
  void whoWaitsIsSentAwayWhenTheLeadershipEnds() throws Exception {
    coordinator.leadershipBegins();
    var joining = coordinator.join("g", Talk.request(NOBODY, "topics", "range"));
    coordinator.leadershipEnds();
    assertThat(get(joining).error()).isEqualTo(Errors.NOT_COORDINATOR);

    coordinator.leadershipBegins();
    JoinAnswer joined = joined(coordinator.join("g", Talk.request(NOBODY, "topics", "range")));
    journal.hold();
    var syncing = sync("g", joined, Map.of());
    coordinator.leadershipEnds();
    assertThat(get(syncing).error()).isEqualTo(Errors.NOT_COORDINATOR);
    journal.release();
    coordinator.leadershipBegins();
    assertThat(get(coordinator.describe("g")).group().state())
        .as("it was saved, though nobody was told")
        .isEqualTo(GroupState.STABLE);
  }

  @Test
  void aCloseSendsEverybodyAway() throws Exception {
    coordinator.leadershipBegins();
    var joining = coordinator.join("g", Talk.request(NOBODY, "topics", "range"));
    coordinator.close();
    assertThat(get(joining).error()).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(commit("g", 1)).isEqualTo(Errors.NOT_COORDINATOR);
  }

  @Test
  void aGroupWithoutMembersIsForgottenInTheEnd() throws Exception {
    coordinator.leadershipBegins();
    assertThat(commit("old", 1)).isEqualTo(Errors.NONE);
    JoinAnswer joined = oneMember();
    epoch.addAndGet(RETENTION.toNanos() - 1);
    assertThat(commit("new", 1)).isEqualTo(Errors.NONE);
    passExpiry();
    assertThat(committed("old")).isOne();
    epoch.addAndGet(1);
    awaitForgotten("old");
    assertThat(committed("new")).isOne();
    assertThat(get(coordinator.heartbeat("g", Talk.member(joined.memberId()), 1)))
        .as("a group with members stays")
        .isEqualTo(Errors.NONE);
    assertThat(get(coordinator.leave("g", List.of(Talk.member(joined.memberId())))))
        .containsExactly(Errors.NONE);
    epoch.addAndGet(RETENTION.toNanos());
    awaitForgotten("new");
    awaitForgotten("g");
    assertThat(journal.load().groups()).isEmpty();
  }

  /** Ten seconds, in which members do not fall silent. */
  private void passExpiry() throws Exception {
    for (int i = 0; i < 11; i++) {
      clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
      for (Described group : get(coordinator.list()).groups()) {
        for (Described.Member each : group.members()) {
          get(coordinator.heartbeat(group.name(), each.identity(), 1));
        }
      }
    }
  }

  private void awaitForgotten(String group) throws Exception {
    while (journal.offsets(group).size() > 0 || journal.group(group) != null) {
      passExpiry();
    }
    assertThat(committed(group)).isEqualTo(-1);
  }

  @Test
  void aGroupWithMembersIsNotDeleted() throws Exception {
    coordinator.leadershipBegins();
    JoinAnswer joined = oneMember();
    assertThat(get(coordinator.delete("g"))).isEqualTo(Errors.NON_EMPTY_GROUP);
    assertThat(get(coordinator.delete("other"))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    assertThat(get(coordinator.leave("g", List.of(Talk.member(joined.memberId())))))
        .containsExactly(Errors.NONE);
    journal.fail(ErrorCode.BUSY);
    assertThat(get(coordinator.delete("g"))).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    journal.fail(ErrorCode.OK);
    assertThat(get(coordinator.delete("g"))).isEqualTo(Errors.NONE);
    assertThat(get(coordinator.describe("g")).group().state()).isEqualTo(GroupState.DEAD);
    assertThat(journal.group("g")).isNull();
  }

  @Test
  void offsetsOfATopicThatIsReadAreNotDeleted() throws Exception {
    coordinator.leadershipBegins();
    GroupPartition partition = GroupPartition.newBuilder().setTopic("t").build();
    assertThat(get(coordinator.deleteOffsets("g", List.of(partition))).error())
        .isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    assertThat(commit("g", 3)).isEqualTo(Errors.NONE);
    JoinAnswer joined = oneMember();
    // What the member says of itself here is nothing that Kafka understands.
    assertThat(get(coordinator.deleteOffsets("g", List.of(partition))).partitions())
        .containsEntry(partition, Errors.GROUP_SUBSCRIBED_TO_TOPIC);
    assertThat(get(coordinator.leave("g", List.of(Talk.member(joined.memberId())))))
        .containsExactly(Errors.NONE);
    assertThat(get(coordinator.deleteOffsets("g", List.of(partition))).partitions())
        .containsEntry(partition, Errors.NONE);
    assertThat(committed("g")).isEqualTo(-1);
    assertThat(journal.offsets("g")).isEmpty();
  }

  @Test
  void namesAndSizesAreBounded() throws Exception {
    coordinator.leadershipBegins();
    for (String name : List.of("", "a\0b", "x".repeat(256))) {
      assertThat(commit(name, 1)).isEqualTo(Errors.INVALID_GROUP_ID);
      assertThat(get(coordinator.join(name, Talk.request(NOBODY, "t", "range"))).error())
          .isEqualTo(Errors.INVALID_GROUP_ID);
    }
    String large = "x".repeat(GroupLimits.SUBSCRIPTION_MAX_BYTES + 1);
    assertThat(get(coordinator.join("g", Talk.request(NOBODY, large, "range"))).error())
        .isEqualTo(Errors.INVALID_REQUEST);
    JoinRequest plain = Talk.request(NOBODY, "t", "range");
    for (int session :
        new int[] {
          GroupLimits.SESSION_TIMEOUT_MIN_MS - 1, GroupLimits.SESSION_TIMEOUT_MAX_MS + 1
        }) {
      JoinRequest wrong =
          new JoinRequest(
              NOBODY,
              plain.client(),
              new JoinRequest.Timeouts(session, 1),
              "consumer",
              plain.protocols(),
              true,
              true);
      assertThat(get(coordinator.join("g", wrong)).error())
          .isEqualTo(Errors.INVALID_SESSION_TIMEOUT);
    }
    assertThat(get(coordinator.list()).groups()).isEmpty();
  }

  @Test
  void aSaveThatWasNotTakenIsTriedAgain() throws Exception {
    coordinator.leadershipBegins();
    JoinAnswer joined = oneMember();
    journal.fail(ErrorCode.BUSY);
    assertThat(get(coordinator.leave("g", List.of(Talk.member(joined.memberId())))))
        .containsExactly(Errors.NONE);
    assertThat(journal.group("g").getMembersList())
        .extracting(GroupMember::getId)
        .containsExactly(joined.memberId());
    journal.fail(ErrorCode.OK);
    while (journal.group("g").getMembersCount() > 0) {
      clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
      get(coordinator.list());
    }
    assertThat(journal.group("g"))
        .extracting(ConsumerGroup::getGeneration)
        .isEqualTo(joined.generation() + 1);
  }
}
