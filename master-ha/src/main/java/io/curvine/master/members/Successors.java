/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Who can lead next. Raft lets only such a master take over as no voting one has a higher priority
 * than.
 *
 * @param silent members that do not answer
 */
record Successors(Membership now, String leader, Set<String> silent) {
  /** The one with the highest priority that answers. */
  Member best() throws CurvineException {
    return now.voters().stream()
        .filter(member -> !member.id().equals(leader) && !silent.contains(member.id()))
        .max(Comparator.comparing(Member::priority))
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.NOT_READY, "no other voting master answers; nobody else can lead"));
  }

  /** The one of that name. */
  Member named(String id) throws CurvineException {
    List<Member> voters = now.voters();
    Member target =
        voters.stream()
            .filter(member -> member.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new CurvineException(
                        ErrorCode.NOT_FOUND,
                        "no voting master is called '"
                            + id
                            + "'; allowed: one of "
                            + new Membership(now.index(), true, voters).names()));
    if (silent.contains(id)) {
      throw new CurvineException(
          ErrorCode.NOT_READY, "master " + id + " does not answer; it cannot lead");
    }
    Member first = voters.stream().max(Comparator.comparing(Member::priority)).orElseThrow();
    if (first.priority() > target.priority()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          String.format(
              "master %s has the priority %d, %s has %d; allowed: one of the highest, so first set"
                  + " that of %s to %d",
              id, target.priority(), first.id(), first.priority(), id, first.priority()));
    }
    return target;
  }
}
