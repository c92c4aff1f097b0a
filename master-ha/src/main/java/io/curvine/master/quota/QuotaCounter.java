/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.quota;

import io.curvine.master.leader.Reply;
import io.curvine.master.state.view.QuotasView;
import io.curvine.master.state.view.StateView;
import io.curvine.master.state.view.UsageWalk;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CorrectQuota;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Quota;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts on the leader what was there before a quota was set, where that was too much to count at
 * once. The count is of a frozen state, and what it differs by from the use there is added to the
 * use: that difference is the same whatever came and went since. Owned by one thread that calls
 * {@link #tick} now and then; a tick lasts as long as a count. A new leader counts anew.
 */
public final class QuotaCounter {
  private static final Logger LOG = LoggerFactory.getLogger(QuotaCounter.class);

  private final Supplier<StateStore> state;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final BooleanSupplier leading;

  /**
   * A counter.
   *
   * @param propose gives a command to the leader's decide loop
   */
  public QuotaCounter(
      Supplier<StateStore> state,
      Function<Command, CompletableFuture<Reply>> propose,
      BooleanSupplier leading) {
    this.state = state;
    this.propose = propose;
    this.leading = leading;
  }

  /** Counts what waits for it. */
  public void tick() {
    if (!leading.getAsBoolean() || waiting(state.get().view()).isEmpty()) {
      return;
    }
    try (FrozenState frozen = state.get().freeze()) {
      for (Quota quota : waiting(frozen.view())) {
        count(quota, frozen.view());
      }
    }
  }

  private static List<Quota> waiting(StateView view) {
    return view.quotas().all().stream().filter(Quota::getCounting).toList();
  }

  private void count(Quota quota, StateView view) {
    UsageWalk walk = new UsageWalk(view.namespace(), quota.getInode());
    long bytes = 0;
    long inodes = 0;
    if (!finish(walk)) {
      return;
    }
    bytes += walk.bytes();
    inodes += walk.inodes();
    for (CountedTree tree : view.quotas().countedTrees()) {
      if (QuotasView.counts(tree, quota)) {
        UsageWalk below = new UsageWalk(view.namespace(), tree.getInode());
        if (!finish(below)) {
          return;
        }
        bytes += below.bytes();
        inodes += 1 + below.inodes();
      }
    }
    correct(quota, bytes, inodes, view.meta().nextOffset());
  }

  /** False where this master does not lead any more. */
  private boolean finish(UsageWalk walk) {
    while (walk.step()) {
      if (!leading.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  private void correct(Quota quota, long bytes, long inodes, long offset) {
    Reply reply =
        propose
            .apply(
                Command.newBuilder()
                    .setCorrectQuota(
                        CorrectQuota.newBuilder()
                            .setDirectory(quota.getInode())
                            .setSince(quota.getSince())
                            .setOffset(offset)
                            .setAddBytes(bytes - quota.getUsedBytes())
                            .setAddInodes(inodes - quota.getUsedInodes()))
                    .build())
            .join();
    if (reply.code() != ErrorCode.OK) {
      LOG.info(
          "the quota of inode {} is counted again later: {}",
          quota.getInode(),
          reply.toException().getMessage());
    }
  }
}
