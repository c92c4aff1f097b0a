/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import static io.curvine.journal.kafka.group.Talk.bytes;
import static io.curvine.journal.kafka.group.Talk.member;
import static io.curvine.journal.kafka.group.Talk.told;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.kafka.group.JoinRequest.Client;
import io.curvine.journal.kafka.group.JoinRequest.Protocol;
import io.curvine.journal.kafka.group.JoinRequest.Timeouts;
import io.curvine.protocol.proto.GroupMember;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class GroupTest {
  private static final Identity NEW_STATIC = new Identity("", "one");

  private final Talk talk = new Talk();

  @Test
  void theFirstMembersAreOneGeneration() {
    var first = talk.join();
    talk.pass(GroupLimits.INITIAL_REBALANCE_DELAY_MS - 1);
    var second = talk.join();
    talk.pass(GroupLimits.INITIAL_REBALANCE_DELAY_MS - 1);
    assertThat(first).isNotDone();
    talk.pass(1);
    assertThat(told(first).error()).isEqualTo(Errors.NONE);
    assertThat(told(first).generation()).isOne();
    assertThat(told(first).leader()).isEqualTo(told(first).memberId());
    assertThat(told(first).members())
        .extracting(joined -> joined.member().memberId())
        .containsExactly(told(first).memberId(), told(second).memberId());
    assertThat(told(second).generation()).isOne();
    assertThat(told(second).leader()).isEqualTo(told(first).memberId());
    assertThat(told(second).members()).isEmpty();
    assertThat(talk.group().state()).isEqualTo(GroupState.COMPLETING_REBALANCE);
  }

  @Test
  void sharesAreToldOnceTheyAreSaved() {
    var a = talk.join();
    var b = talk.join();
    talk.gathered();
    var follower = talk.sync(told(b), Map.of());
    var leader = talk.sync(told(a), Map.of(told(a).memberId(), "A", told(b).memberId(), "B"));
    assertThat(leader).isNotDone();
    assertThat(follower).isNotDone();
    assertThat(talk.heartbeat(told(a))).isEqualTo(Errors.NONE);
    talk.save();
    assertThat(told(leader).assignment()).isEqualTo(bytes("A"));
    assertThat(told(follower).assignment()).isEqualTo(bytes("B"));
    assertThat(talk.saved().getGeneration()).isOne();
    assertThat(talk.saved().getLeader()).isEqualTo(told(a).memberId());
    assertThat(talk.saved().getProtocol()).isEqualTo("range");
    assertThat(talk.saved().getMembersList())
        .extracting(GroupMember::getAssignment)
        .containsExactly(bytes("A"), bytes("B"));
    assertThat(told(talk.sync(told(b), Map.of())).assignment())
        .as("asked again")
        .isEqualTo(bytes("B"));
  }

  @Test
  void whatCannotBeSavedIsNotTold() {
    var a = talk.join();
    var b = talk.join();
    talk.gathered();
    var follower = talk.sync(told(b), Map.of());
    var leader = talk.sync(told(a), Map.of());
    talk.endSaves(Errors.NOT_COORDINATOR);
    assertThat(told(leader).error()).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(told(follower).error()).isEqualTo(Errors.NOT_COORDINATOR);
    assertThat(talk.heartbeat(told(a))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    var again = List.of(talk.rejoin(told(a)), talk.rejoin(told(b)));
    talk.share(again.stream().map(Talk::told).toList());
  }

  @Test
  void aSaveThatMayGoBetterLaterIsARebalance() {
    var a = talk.join();
    talk.gathered();
    var leader = talk.sync(told(a), Map.of());
    talk.endSaves(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    assertThat(told(leader).error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    talk.share(List.of(told(talk.rejoin(told(a)))));
  }

  @Test
  void aSaveThatIsOvertakenChangesNothing() {
    var a = talk.join();
    talk.gathered();
    var leader = talk.sync(told(a), Map.of());
    var saves = talk.group().takeSaves();
    var b = talk.join();
    assertThat(told(leader).error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    saves.get(0).ended().accept(Errors.NONE, 0);
    assertThat(talk.group().state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    talk.share(List.of(told(talk.rejoin(told(a))), told(b)));
  }

  @Test
  void aNewMemberMakesAllJoinAgain() {
    var old = talk.stable(2);
    var third = talk.join();
    assertThat(third).isNotDone();
    assertThat(talk.heartbeat(old.get(0))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(talk.mayCommit(old.get(0).memberId(), 1)).as("commit").isEqualTo(Errors.NONE);
    var first = talk.rejoin(old.get(0));
    assertThat(third).isNotDone();
    var second = talk.rejoin(old.get(1));
    assertThat(told(third).generation()).isEqualTo(2);
    assertThat(told(first).leader()).as("it stays").isEqualTo(old.get(0).memberId());
    assertThat(talk.heartbeat(old.get(0))).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(talk.mayCommit(old.get(0).memberId(), 1)).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(talk.mayCommit(old.get(0).memberId(), 2)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    assertThat(told(talk.sync(old.get(0), Map.of())).error()).isEqualTo(Errors.ILLEGAL_GENERATION);
    talk.share(List.of(told(first), told(second), told(third)));
  }

  @Test
  void whoIsTooSlowToJoinAgainIsOut() {
    var old = talk.stable(2);
    var third = talk.join();
    var first = talk.rejoin(old.get(0));
    for (int passed = 0; passed < Talk.REBALANCE_MS - 5_000; passed += 5_000) {
      talk.pass(5_000);
      assertThat(talk.heartbeat(old.get(1))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }
    assertThat(third).isNotDone();
    talk.pass(5_000);
    assertThat(told(first).members()).hasSize(2);
    assertThat(told(third).generation()).isEqualTo(2);
    assertThat(talk.heartbeat(old.get(1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(told(talk.rejoin(old.get(1))).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void whoIsSilentIsOut() {
    var old = talk.stable(2);
    talk.pass(Talk.SESSION_MS - 1);
    assertThat(talk.heartbeat(old.get(0))).isEqualTo(Errors.NONE);
    talk.pass(1);
    assertThat(talk.heartbeat(old.get(1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(talk.heartbeat(old.get(0))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    talk.share(List.of(told(talk.rejoin(old.get(0)))));
    assertThat(talk.group().generation()).isEqualTo(2);
  }

  @Test
  void anotherLeadsWhereTheLeaderDiesBeforeItHasAssigned() {
    var a = talk.join();
    var b = talk.join();
    talk.gathered();
    var follower = talk.sync(told(b), Map.of());
    talk.pass(Talk.SESSION_MS);
    assertThat(told(follower).error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    var again = talk.rejoin(told(b));
    assertThat(told(again).leader()).isEqualTo(told(b).memberId());
    assertThat(talk.leave(told(a).memberId())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    talk.share(List.of(told(again)));
  }

  @Test
  void aLeaderThatLivesAndDoesNotAssignIsOut() {
    var a = talk.join();
    var b = talk.join();
    talk.gathered();
    var follower = talk.sync(told(b), Map.of());
    for (int passed = 0; passed < Talk.REBALANCE_MS; passed += 5_000) {
      assertThat(talk.heartbeat(told(a))).isEqualTo(Errors.NONE);
      talk.pass(5_000);
    }
    assertThat(talk.heartbeat(told(a))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(told(follower).error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
  }

  @Test
  void theLastOneToLeaveLeavesAnEmptyGroup() {
    var old = talk.stable(2);
    assertThat(talk.leave(old.get(0).memberId())).isEqualTo(Errors.NONE);
    assertThat(talk.leave(old.get(0).memberId())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(talk.leave(old.get(1).memberId())).isEqualTo(Errors.NONE);
    assertThat(talk.group().state()).isEqualTo(GroupState.EMPTY);
    talk.endSaves(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    assertThat(talk.saved().getMembersCount()).isEqualTo(2);
    talk.pass(50);
    assertThat(talk.group().takeSaves()).as("not with every tick").isEmpty();
    talk.pass(1_000);
    talk.save();
    assertThat(talk.saved().getMembersCount()).isZero();
    assertThat(talk.saved().getGeneration()).isEqualTo(2);
    talk.pass(1);
    assertThat(talk.group().takeSaves()).isEmpty();
    assertThat(talk.mayCommit("", -1)).isEqualTo(Errors.NONE);
    assertThat(talk.mayCommit(old.get(0).memberId(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void onlyMembersCommitWhereThereAreAny() {
    var old = talk.stable(1);
    assertThat(talk.mayCommit("", -1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(talk.mayCommit("other", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(talk.mayCommit(old.get(0).memberId(), 2)).isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(talk.mayCommit(old.get(0).memberId(), 1)).isEqualTo(Errors.NONE);
  }

  @Test
  void aMemberIsToldItsIdFirst() {
    var asked =
        new JoinRequest(
            member(""),
            new Client("c", "/host"),
            new Timeouts(Talk.SESSION_MS, Talk.REBALANCE_MS),
            "consumer",
            List.of(new Protocol("range", ByteString.EMPTY)),
            true,
            true);
    var first = told(talk.join(asked));
    assertThat(first.error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    assertThat(talk.group().hasMembers()).isFalse();
    assertThat(talk.group().isUnused()).isFalse();
    var joined = talk.rejoin(first);
    talk.gathered();
    assertThat(told(joined).memberId()).isEqualTo(first.memberId());
    assertThat(told(joined).generation()).isOne();
    var forgotten = told(talk.join(asked));
    talk.heartbeat(told(joined));
    talk.pass(Talk.SESSION_MS);
    assertThat(told(talk.rejoin(forgotten)).error()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void aGenerationWaitsForThoseWithAnId() {
    var old = talk.stable(1);
    var asked =
        new JoinRequest(
            member(""),
            new Client("c", "/host"),
            new Timeouts(Talk.SESSION_MS, Talk.REBALANCE_MS),
            "consumer",
            List.of(new Protocol("range", ByteString.EMPTY)),
            true,
            true);
    var first = told(talk.join(asked));
    var second = told(talk.join(asked));
    assertThat(talk.heartbeat(old.get(0))).as("an id is no rebalance").isEqualTo(Errors.NONE);
    var joining = talk.rejoin(first);
    var leader = talk.rejoin(old.get(0));
    assertThat(joining).isNotDone();
    assertThat(talk.leave(second.memberId())).isEqualTo(Errors.NONE);
    talk.share(List.of(told(leader), told(joining)));
  }

  @Test
  void membersVoteForAProtocolThatAllKnow() {
    var a = talk.join(member(""), "sticky", "range", "old");
    var b = talk.join(member(""), "old", "range");
    var c = talk.join(member(""), "range", "old");
    var d = talk.join(member(""), "sticky");
    assertThat(told(d).error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    talk.gathered();
    assertThat(told(a).protocol()).as("two of three").isEqualTo("range");
    assertThat(told(b).protocol()).isEqualTo("range");
    assertThat(told(c).protocol()).isEqualTo("range");
    var other = Talk.request(member(""), "topics", "range");
    var connect =
        new JoinRequest(
            other.member(),
            other.client(),
            other.timeouts(),
            "connect",
            other.protocols(),
            false,
            false);
    assertThat(told(talk.join(connect)).error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    assertThat(told(talk.join(member(""))).error()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
  }

  @Test
  void aSubscriptionThatChangesIsARebalance() {
    var old = talk.stable(2);
    assertThat(told(talk.rejoin(old.get(1))).generation()).as("the same").isOne();
    var other = talk.join(Talk.request(member(old.get(1).memberId()), "more topics", "range"));
    assertThat(other).isNotDone();
    var leader = told(talk.rejoin(old.get(0)));
    assertThat(leader.members().get(1).subscription()).isEqualTo(bytes("more topics"));
    talk.share(List.of(leader, told(other)));
  }

  @Test
  void aLeaderThatJoinsAgainIsARebalance() {
    var old = talk.stable(1);
    assertThat(told(talk.rejoin(old.get(0))).generation()).isEqualTo(2);
  }

  @Test
  void anAnswerThatWasLostIsGivenAgain() {
    var a = talk.join();
    talk.gathered();
    assertThat(told(talk.rejoin(told(a)))).isEqualTo(told(a));
  }

  @Test
  void aStaticMemberThatComesBackKeepsItsShare() {
    var one = talk.join(NEW_STATIC, "range");
    var two = talk.join();
    talk.gathered();
    Identity before = new Identity(told(one).memberId(), "one");
    talk.sync(before, told(one), Map.of(told(one).memberId(), "A", told(two).memberId(), "B"));
    talk.save();
    talk.sync(told(two), Map.of());

    var back = talk.join(NEW_STATIC, "range");
    assertThat(back).as("not before it is saved").isNotDone();
    talk.save();
    assertThat(told(back).generation()).isOne();
    assertThat(told(back).memberId()).isNotEqualTo(before.memberId());
    assertThat(told(back).leader()).isEqualTo(told(back).memberId());
    assertThat(told(back).skipAssignment()).isTrue();
    assertThat(told(back).members()).hasSize(2);
    Identity after = new Identity(told(back).memberId(), "one");
    var share = talk.sync(after, told(back), Map.of());
    assertThat(told(share).assignment()).isEqualTo(bytes("A"));
    assertThat(talk.heartbeat(told(two))).isEqualTo(Errors.NONE);
    assertThat(talk.saved().getMembersList())
        .anyMatch(
            saved ->
                saved.getId().equals(after.memberId()) && saved.getAssignment().equals(bytes("A")));

    assertThat(talk.heartbeat(before, 1)).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(talk.group().mayCommit(before, 1, 0)).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(told(talk.join(before, "range")).error()).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(told(talk.sync(before, told(one), Map.of())).error())
        .isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(talk.leave(before)).isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(talk.leave(new Identity("", "one"))).as("by an operator").isEqualTo(Errors.NONE);
  }

  @Test
  void anOlderClientThatComesBackDoesNotKnowThatItLeads() {
    var one = talk.join(NEW_STATIC, "range");
    talk.gathered();
    talk.sync(new Identity(told(one).memberId(), "one"), told(one), Map.of());
    talk.save();
    var request = Talk.request(NEW_STATIC, "topics", "range");
    var back =
        talk.join(
            new JoinRequest(
                NEW_STATIC,
                request.client(),
                request.timeouts(),
                request.protocolType(),
                request.protocols(),
                true,
                false));
    talk.save();
    assertThat(told(back).leader()).isEqualTo(told(one).memberId());
    assertThat(told(back).skipAssignment()).isFalse();
    assertThat(told(back).members()).isEmpty();
  }

  @Test
  void aStaticMemberFencesOneThatStillWaits() {
    var waits = talk.join(NEW_STATIC, "range");
    var comes = talk.join(NEW_STATIC, "range");
    assertThat(told(waits).error()).isEqualTo(Errors.FENCED_INSTANCE_ID);
    talk.gathered();
    assertThat(told(comes).members()).hasSize(1);
  }

  @Test
  void aStaticMemberWithAnotherProtocolIsARebalance() {
    var one = talk.join(NEW_STATIC, "range");
    talk.gathered();
    talk.sync(new Identity(told(one).memberId(), "one"), told(one), Map.of());
    talk.save();
    var back = talk.join(NEW_STATIC, "sticky");
    assertThat(told(back).generation()).isEqualTo(2);
    assertThat(told(back).protocol()).isEqualTo("sticky");
  }

  @Test
  void aStaticMemberMayMissARebalanceWithinItsSession() {
    var one = talk.join(NEW_STATIC, "range");
    var two = talk.join();
    talk.gathered();
    Identity statically = new Identity(told(one).memberId(), "one");
    talk.sync(statically, told(one), Map.of());
    talk.save();
    talk.sync(told(two), Map.of());
    var third = talk.join();
    var again = talk.rejoin(told(two));
    for (int passed = 0; passed < Talk.REBALANCE_MS; passed += 5_000) {
      assertThat(talk.heartbeat(statically, 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
      talk.pass(5_000);
    }
    assertThat(told(again).generation()).isEqualTo(2);
    assertThat(told(again).leader()).as("of those that are there").isEqualTo(told(two).memberId());
    assertThat(told(third).generation()).isEqualTo(2);
  }

  @Test
  void theNextMasterGoesOnWithoutARebalance() {
    var old = talk.stable(3);
    talk.pass(Talk.SESSION_MS - 1);
    talk.failOver();
    assertThat(talk.group().state()).isEqualTo(GroupState.STABLE);
    talk.pass(Talk.SESSION_MS - 1);
    assertThat(talk.heartbeat(old.get(0))).isEqualTo(Errors.NONE);
    assertThat(talk.heartbeat(old.get(1))).isEqualTo(Errors.NONE);
    assertThat(talk.mayCommit(old.get(1).memberId(), 1)).isEqualTo(Errors.NONE);
    assertThat(told(talk.sync(old.get(1), Map.of())).assignment()).isEqualTo(bytes("share 1"));
    talk.pass(1);
    assertThat(talk.heartbeat(old.get(2))).as("silent").isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    var again = List.of(talk.rejoin(old.get(0)), talk.rejoin(old.get(1)));
    talk.share(again.stream().map(Talk::told).toList());
    assertThat(talk.group().generation()).isEqualTo(2);
  }

  @Test
  void theNextMasterKnowsThatTheGroupIsEmpty() {
    var old = talk.stable(1);
    talk.leave(old.get(0).memberId());
    talk.save();
    talk.failOver();
    assertThat(talk.group().state()).isEqualTo(GroupState.EMPTY);
    talk.stable(1);
    assertThat(talk.group().generation()).isEqualTo(3);
  }

  @Test
  void whoWaitsWhenTheLeadershipEndsLooksForAnother() {
    var a = talk.join();
    talk.gathered();
    var sync = talk.sync(told(a), Map.of());
    var saves = talk.group().takeSaves();
    talk.group().end(Errors.NOT_COORDINATOR);
    assertThat(told(sync).error()).isEqualTo(Errors.NOT_COORDINATOR);
    saves.get(0).ended().accept(Errors.NOT_COORDINATOR, 0);
    assertThat(talk.group().state()).isEqualTo(GroupState.DEAD);
  }

  @Test
  void nobodyJoinsAGroupThatIsBeingDeleted() {
    talk.group().beginDeletion();
    assertThat(told(talk.join()).error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(talk.mayCommit("", -1)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    talk.group().deletionFailed();
    CompletableFuture<JoinAnswer> joined = talk.join();
    talk.gathered();
    assertThat(told(joined).error()).isEqualTo(Errors.NONE);
  }

  @Test
  void aGroupIsNotTooLarge() {
    for (int i = 0; i < GroupLimits.MEMBERS_MAX; i++) {
      talk.join();
    }
    assertThat(told(talk.join()).error()).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
  }
}
