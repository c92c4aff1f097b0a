/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Where groups and offsets are kept so that the next leader has them. What is asked is done in the
 * order asked. A future completes once the change is in the state, on any thread, and always does:
 * with a {@link io.curvine.protocol.CurvineException} where it was refused, or where the leadership
 * was lost. Thread-safe.
 */
public interface GroupJournal {
  /**
   * Everything that is kept.
   *
   * @param offsets by group
   */
  record Kept(List<ConsumerGroup> groups, Map<String, List<GroupOffset>> offsets) {}

  /** What is kept when a leadership begins; called by the coordinator's thread. */
  Kept load();

  /** Completes when this master was still the leader after it was asked. */
  CompletableFuture<Void> confirmLeading();

  /** Replaces the group; refused where a later generation is kept. */
  CompletableFuture<Void> save(ConsumerGroup group);

  /**
   * Replaces offsets; refused where a later generation is kept.
   *
   * @param generation of the member; -1: of a consumer that is no member
   */
  CompletableFuture<Void> commit(String group, int generation, List<GroupOffset> offsets);

  /** Forgets the group and its offsets; refused where it has members. */
  CompletableFuture<Void> delete(String group);

  /** Forgets these offsets, those of them that are there. */
  CompletableFuture<Void> deleteOffsets(String group, List<GroupPartition> partitions);
}
