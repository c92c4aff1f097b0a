/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.Peer;
import io.curvine.protocol.CurvineException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemberPlanTest {
  private static final OptionalInt NO_PRIORITY = OptionalInt.empty();

  private final Membership trio = group(1, 2, 3);

  @Test
  void addsOnceAndPromotesAListener() throws CurvineException {
    MemberPlan listening = MemberPlan.add(trio, peer(4), true, NO_PRIORITY);
    assertThat(listening.changed()).isTrue();
    assertThat(listening.warnings()).isEmpty();
    Membership with = new Membership(9, true, listening.wanted());
    assertThat(with.voters()).hasSize(3);

    assertThat(MemberPlan.add(with, peer(4), true, NO_PRIORITY).changed()).isFalse();
    MemberPlan promoted = MemberPlan.add(with, peer(4), false, OptionalInt.of(3));
    assertThat(promoted.warnings()).singleElement().asString().startsWith("4 masters vote now");
    assertThat(Membership.voters(promoted.wanted()))
        .contains(new Member(peer(4), false, 3))
        .hasSize(4);
    assertThatThrownBy(() -> MemberPlan.add(trio, peer(3), true, NO_PRIORITY))
        .hasMessageContaining("master m3 votes");
  }

  @Test
  void refusesAnIdOrAnAddressThatIsAnothers() {
    Peer elsewhere = Peer.parse("m3=h9:1:2:3:4");
    assertThatThrownBy(() -> MemberPlan.add(trio, elsewhere, false, NO_PRIORITY))
        .hasMessage("master m3 is a member at m3=h3:1:2:3:0; allowed: another id");
    Peer same = Peer.parse("m4=h3:7:2:8:9");
    assertThatThrownBy(() -> MemberPlan.add(trio, same, false, NO_PRIORITY))
        .hasMessage("h3:2 is an address of master m3; allowed: addresses of its own for m4");
    assertThatThrownBy(() -> MemberPlan.replace(trio, "m1", same))
        .hasMessageContaining("h3:2 is an address of master m3");
  }

  @Test
  void replacesWithTheSamePartAndOnce() throws CurvineException {
    Membership group =
        new Membership(3, true, List.of(voter(1), voter(2), new Member(peer(3), false, 7)));
    MemberPlan plan = MemberPlan.replace(group, "m3", peer(4));
    assertThat(plan.wanted()).contains(new Member(peer(4), false, 7)).hasSize(3);
    Membership after = new Membership(5, true, plan.wanted());
    assertThat(MemberPlan.replace(after, "m3", peer(4)).changed()).isFalse();
    assertThatThrownBy(() -> MemberPlan.replace(after, "m9", peer(5)))
        .hasMessage("there is no master 'm9'; allowed: one of m1, m2, m4");
    assertThatThrownBy(() -> MemberPlan.replace(after, "m1", peer(2)))
        .hasMessageContaining("master m2 is a member");
  }

  @Test
  void removesAllButTheLastThatVotes() throws CurvineException {
    Membership one = new Membership(3, true, List.of(voter(1), new Member(peer(2), true, 1)));
    assertThat(MemberPlan.remove(one, "m2").wanted()).containsExactly(voter(1));
    assertThatThrownBy(() -> MemberPlan.remove(one, "m1")).hasMessageContaining("to replace it");
    assertThat(MemberPlan.remove(one, "m2").warnings()).isEmpty();
    assertThat(MemberPlan.remove(one, "m7").changed()).isFalse();
  }

  @Test
  void keepsAMajorityThatAnswers() throws CurvineException {
    MemberPlan fewer = MemberPlan.remove(trio, "m1");
    fewer.requireMajority(Set.of("m1"));
    assertThatThrownBy(() -> fewer.requireMajority(Set.of("m3")))
        .hasMessage(
            "of the 2 masters that would vote, m3 would not answer: no majority; allowed: first to"
                + " bring back or replace those");
    MemberPlan.replace(trio, "m3", peer(4)).requireMajority(Set.of("m3", "m2"));
    MemberPlan more = MemberPlan.add(trio, peer(4), false, NO_PRIORITY);
    more.requireMajority(Set.of("m3"));
    assertThatThrownBy(() -> more.requireMajority(Set.of("m2", "m3")))
        .hasMessageContaining("m2 and m3 would not answer");
  }

  @Test
  void limitsHowMany() {
    Membership seven = group(1, 2, 3, 4, 5, 6, 7);
    assertThatThrownBy(() -> MemberPlan.add(seven, peer(8), false, NO_PRIORITY))
        .hasMessage("8 masters would vote, with 0 listeners; allowed: up to 7, and 16 together");
    assertThatThrownBy(() -> MemberPlan.priority(seven, "m1", 101))
        .hasMessage("priority is 101; allowed: 0 to 100");
  }

  @Test
  void namesWhoCanLeadNext() throws CurvineException {
    Membership group =
        new Membership(
            3, true, List.of(voter(1), voter(2), new Member(peer(3), false, 5), listener(4)));
    assertThat(new Successors(group, "m1", Set.of()).best().id()).isEqualTo("m3");
    assertThat(new Successors(group, "m1", Set.of("m3")).best().id()).isEqualTo("m2");
    assertThat(new Successors(group, "m1", Set.of()).named("m3").id()).isEqualTo("m3");
    assertThatThrownBy(() -> new Successors(group, "m1", Set.of()).named("m2"))
        .hasMessageContaining("m2 has the priority 1, m3 has 5");
    assertThatThrownBy(() -> new Successors(group, "m1", Set.of()).named("m4"))
        .hasMessage("no voting master is called 'm4'; allowed: one of m1, m2, m3");
    assertThatThrownBy(() -> new Successors(group, "m1", Set.of("m3")).named("m3"))
        .hasMessageContaining("does not answer");
    assertThatThrownBy(() -> new Successors(group, "m1", Set.of("m2", "m3")).best())
        .hasMessageContaining("nobody else can lead");
  }

  private static Membership group(int... numbers) {
    Stream<Member> members = IntStream.of(numbers).mapToObj(MemberPlanTest::voter);
    return new Membership(3, true, members.toList());
  }

  private static Member voter(int number) {
    return Member.voting(peer(number));
  }

  private static Member listener(int number) {
    return new Member(peer(number), true, 1);
  }

  private static Peer peer(int number) {
    return Peer.parse("m" + number + "=h" + number + ":1:2:3:0");
  }
}
