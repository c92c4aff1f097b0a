/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.journal.kafka.group.JoinRequest.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The members of a group in the order in which they came. Owned by the group's thread. */
final class Members {
  private final Map<String, Member> byId = new LinkedHashMap<>();
  private final Map<String, Member> byInstance = new HashMap<>();

  int count() {
    return byId.size();
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  List<Member> all() {
    return List.copyOf(byId.values());
  }

  /** Or null. */
  Member find(String id) {
    return byId.get(id);
  }

  /** The static member of this instance, or null. */
  Member ofInstance(String instanceId) {
    return byInstance.get(instanceId);
  }

  void add(Member member) {
    byId.put(member.id(), member);
    if (member.isStatic()) {
      byInstance.put(member.identity().instanceId(), member);
    }
  }

  void remove(Member member) {
    byId.remove(member.id());
    if (member.isStatic()) {
      byInstance.remove(member.identity().instanceId());
    }
  }

  List<Member> select(Predicate<Member> which) {
    return byId.values().stream().filter(which).toList();
  }

  boolean all(Predicate<Member> which) {
    return byId.values().stream().allMatch(which);
  }

  int maxRebalanceTimeoutMs() {
    return byId.values().stream().mapToInt(Member::rebalanceTimeoutMs).max().orElse(0);
  }

  int subscriptionBytes() {
    return byId.values().stream()
        .flatMap(member -> member.protocols().stream())
        .mapToInt(protocol -> protocol.subscription().size())
        .sum();
  }

  /** Whether one of these protocols is known to all members but this one. */
  boolean agree(List<Protocol> protocols, Member but) {
    return protocols.stream()
        .anyMatch(
            protocol -> all(member -> member.equals(but) || member.supports(protocol.name())));
  }

  /**
   * The protocol that most members prefer of those that all know; of equals that which the eldest
   * member likes best.
   */
  String vote() {
    Map<String, Integer> votes = new LinkedHashMap<>();
    List<String> candidates = new ArrayList<>();
    for (Member member : byId.values()) {
      for (Protocol protocol : member.protocols()) {
        if (!candidates.contains(protocol.name()) && all(each -> each.supports(protocol.name()))) {
          candidates.add(protocol.name());
        }
      }
    }
    candidates.forEach(candidate -> votes.put(candidate, 0));
    for (Member member : byId.values()) {
      member.protocols().stream()
          .map(Protocol::name)
          .filter(votes::containsKey)
          .findFirst()
          .ifPresent(name -> votes.merge(name, 1, Integer::sum));
    }
    String best = "";
    for (Map.Entry<String, Integer> each : votes.entrySet()) {
      if (best.isEmpty() || each.getValue() > votes.get(best)) {
        best = each.getKey();
      }
    }
    return best;
  }
}
