/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.master.Peer;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a change makes of the members. Pure; a change that is already in force is no change, one
 * that cannot be is a {@link CurvineException} that says what is allowed. Immutable.
 *
 * @param wanted who the members will be
 * @param changed whether that differs from now
 * @param warnings for people
 */
record MemberPlan(List<Member> wanted, boolean changed, List<String> warnings) {
  private static final int VOTERS_MAX = 7;
  private static final int MEMBERS_MAX = 16;

  /**
   * One more master; or a listener that votes from now on.
   *
   * @param priority empty: the default, or what a listener had
   */
  static MemberPlan add(Membership now, Peer peer, boolean listener, OptionalInt priority)
      throws CurvineException {
    Optional<Member> known = now.find(peer.id());
    if (known.isEmpty()) {
      requireUnused(now.members(), peer);
      Member added = new Member(peer, listener, priority.orElse(Member.PRIORITY_DEFAULT));
      return changed(now, with(now.members(), added));
    }
    Member member = known.get();
    if (!member.peer().equals(peer)) {
      throw refused(
          ErrorCode.ALREADY_EXISTS,
          String.format(
              "master %s is a member at %s; allowed: another id", peer.id(), member.peer()));
    }
    if (!member.listener() && listener) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          String.format(
              "master %s votes; allowed: to remove it, and to add a listener of another id",
              peer.id()));
    }
    if (member.listener() == listener) {
      return unchanged(now, "master " + peer.id() + " is a member already");
    }
    Member promoted = new Member(peer, false, priority.orElse(member.priority()));
    return changed(now, with(without(now.members(), peer.id()), promoted));
  }

  static MemberPlan remove(Membership now, String id) throws CurvineException {
    if (!now.contains(id)) {
      return unchanged(now, "there is no master " + id + "; the members are " + now.names());
    }
    List<Member> left = without(now.members(), id);
    if (Membership.voters(left).isEmpty()) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          String.format("master %s is the only one that votes; allowed: to replace it", id));
    }
    return changed(now, left);
  }

  /** In one step; done already where the one is gone and the other there. */
  static MemberPlan replace(Membership now, String id, Peer by) throws CurvineException {
    boolean there = now.find(by.id()).map(Member::peer).filter(by::equals).isPresent();
    if (!now.contains(id) && there) {
      return unchanged(now, "master " + by.id() + " has taken the place of " + id + " already");
    }
    Member old = require(now, id);
    if (now.contains(by.id())) {
      throw refused(
          ErrorCode.ALREADY_EXISTS,
          String.format(
              "master %s is a member; allowed in the place of %s: one that is none", by.id(), id));
    }
    List<Member> left = without(now.members(), id);
    requireUnused(left, by);
    return changed(now, with(left, new Member(by, old.listener(), old.priority())));
  }

  static MemberPlan priority(Membership now, String id, int priority) throws CurvineException {
    Member member = require(now, id);
    if (priority < 0 || priority > Member.PRIORITY_MAX) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          String.format("priority is %d; allowed: 0 to %d", priority, Member.PRIORITY_MAX));
    }
    if (member.priority() == priority) {
      return unchanged(now, "master " + id + " has the priority " + priority + " already");
    }
    return new MemberPlan(
        with(without(now.members(), id), member.withPriority(priority)), true, List.of());
  }

  /**
   * Refuses what would leave the masters without a majority that answers.
   *
   * @param silent members that do not answer; a new one does, or the change comes to nothing
   */
  void requireMajority(Set<String> silent) throws CurvineException {
    List<Member> voters = Membership.voters(wanted);
    List<String> missing = voters.stream().map(Member::id).filter(silent::contains).toList();
    if (2 * (voters.size() - missing.size()) <= voters.size()) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          String.format(
              "of the %d masters that would vote, %s would not answer: no majority; allowed: first to"
                  + " bring back or replace those",
              voters.size(), String.join(" and ", missing)));
    }
  }

  private static Member require(Membership now, String id) throws CurvineException {
    return now.find(id)
        .orElseThrow(
            () ->
                refused(
                    ErrorCode.NOT_FOUND,
                    String.format("there is no master '%s'; allowed: one of %s", id, now.names())));
  }

  private static void requireUnused(List<Member> members, Peer peer) throws CurvineException {
    for (Member member : members) {
      for (HostPort address : peer.addresses()) {
        if (member.peer().addresses().contains(address)) {
          throw refused(
              ErrorCode.INVALID_ARGUMENT,
              String.format(
                  "%s is an address of master %s; allowed: addresses of its own for %s",
                  address, member.id(), peer.id()));
        }
      }
    }
  }

  private static MemberPlan unchanged(Membership now, String why) {
    return new MemberPlan(now.members(), false, List.of(why));
  }

  private static MemberPlan changed(Membership now, List<Member> wanted) throws CurvineException {
    int voters = Membership.voters(wanted).size();
    if (voters > VOTERS_MAX || wanted.size() > MEMBERS_MAX) {
      throw refused(
          ErrorCode.INVALID_ARGUMENT,
          String.format(
              "%d masters would vote, with %d listeners; allowed: up to %d, and %d together",
              voters, wanted.size() - voters, VOTERS_MAX, MEMBERS_MAX));
    }
    List<String> warnings = new ArrayList<>();
    if (voters % 2 == 0 && voters != now.voters().size()) {
      warnings.add(
          voters
              + " masters vote now: they bear the loss of no more of them than "
              + (voters - 1)
              + " do");
    }
    return new MemberPlan(wanted, true, warnings);
  }

  private static List<Member> with(List<Member> members, Member added) {
    List<Member> all = new ArrayList<>(members);
    all.add(added);
    return List.copyOf(all);
  }

  private static List<Member> without(List<Member> members, String id) {
    return members.stream().filter(member -> !member.id().equals(id)).toList();
  }

  private static CurvineException refused(ErrorCode code, String message) {
    return new CurvineException(code, message);
  }
}
