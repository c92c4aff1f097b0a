/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A group with its offsets as the leader holds them in memory. Owned by the coordinator. */
final class HeldGroup {
  private final Group group;
  private final Map<GroupPartition, GroupOffset> offsets = new HashMap<>();
  private long usedNanos;

  /** Commits that are on their way into the journal. */
  private int committing;

  HeldGroup(Group group, long usedNanos) {
    this.group = group;
    this.usedNanos = usedNanos;
  }

  Group group() {
    return group;
  }

  Map<GroupPartition, GroupOffset> offsets() {
    return offsets;
  }

  /** Since the epoch: the last commit, or when there were members last. */
  long usedNanos() {
    return usedNanos;
  }

  void used(long nanos) {
    usedNanos = Math.max(usedNanos, nanos);
  }

  void committed(List<GroupOffset> committed, long nanos) {
    committed.forEach(offset -> offsets.put(partition(offset), offset));
    used(nanos);
  }

  void commitBegins(long nanos) {
    committing++;
    used(nanos);
  }

  void commitEnds() {
    committing--;
  }

  /** Whether it has no members and nobody is about to commit. */
  boolean isIdle() {
    return group.state() == GroupState.EMPTY && committing == 0;
  }

  /** Whether neither the journal nor anybody else knows of it. */
  boolean isUnused() {
    return group.isUnused() && offsets.isEmpty() && committing == 0;
  }

  static GroupPartition partition(GroupOffset offset) {
    return GroupPartition.newBuilder()
        .setTopic(offset.getTopic())
        .setPartition(offset.getPartition())
        .build();
  }
}
