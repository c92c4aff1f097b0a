/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who the masters are. Immutable.
 *
 * @param index of the Raft entry that says so; -1: the configuration file does
 * @param settled that entry is committed and no change is under way
 * @param members by id
 */
public record Membership(long index, boolean settled, List<Member> members) {
  public Membership {
    members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
  }

  /** The member of that id. */
  public Optional<Member> find(String id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }

  public boolean contains(String id) {
    return find(id).isPresent();
  }

  /** Those that vote. */
  public List<Member> voters() {
    return voters(members);
  }

  static List<Member> voters(Collection<Member> members) {
    return members.stream().filter(member -> !member.listener()).toList();
  }

  /** The ids, for people. */
  public String names() {
    return members.stream().map(Member::id).collect(Collectors.joining(", "));
  }
}
