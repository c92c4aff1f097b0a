/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.master.raft.Consensus;
import io.curvine.protocol.proto.JournalEntry;
import io.curvine.protocol.proto.MasterStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back a master that lost its disk while nothing is written. Ratis believes that such a
 * follower still has what it acknowledged, and only a new entry makes it look again; so where one
 * stays behind an idle leader, an entry is proposed that is void everywhere. Ticked by one timer.
 */
public final class Nudge {
  private static final Logger LOG = LoggerFactory.getLogger(Nudge.class);

  private final Consensus consensus;
  private final Supplier<CompletableFuture<List<MasterStatus>>> masters;
  private Map<String, Long> lastOffsets = Map.of();

  /**
   * @param masters asks all masters, this one too
   */
  public Nudge(Consensus consensus, Supplier<CompletableFuture<List<MasterStatus>>> masters) {
    this.consensus = consensus;
    this.masters = masters;
  }

  /** Called every few seconds while this master leads. */
  public void tick() {
    masters.get().thenAccept(this::compare);
  }

  private synchronized void compare(List<MasterStatus> statuses) {
    Map<String, Long> offsets = new HashMap<>();
    long own = 0;
    boolean idle = false;
    for (MasterStatus status : statuses) {
      boolean answered = status.getPid() != 0;
      if (answered) {
        offsets.put(status.getNodeId(), status.getAppliedOffset());
      }
      if (status.getSelf()) {
        own = status.getAppliedOffset();
        idle = unchanged(status);
      }
    }
    for (MasterStatus status : statuses) {
      if (idle
          && offsets.containsKey(status.getNodeId())
          && status.getAppliedOffset() < own
          && unchanged(status)) {
        LOG.info(
            "master {} stays at offset {} of {}: nudges it",
            status.getNodeId(),
            status.getAppliedOffset(),
            own);
        consensus.submit(JournalEntry.getDefaultInstance().toByteArray(), null);
        break;
      }
    }
    lastOffsets = offsets;
  }

  private boolean unchanged(MasterStatus status) {
    Long before = lastOffsets.get(status.getNodeId());
    return before != null && before == status.getAppliedOffset();
  }
}
