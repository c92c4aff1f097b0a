/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import io.curvine.master.query.WrittenBlocks.WrittenBlock;
import io.curvine.master.workers.WorkerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * How the replicas of a block stand, by the workers that are counted on for it. Immutable.
 *
 * @param replicas how many there should be
 * @param good have it, and stay
 * @param leaving have it, and are drained
 * @param awaited may have it: not heard of for a while, or not done reporting
 * @param gone do not have it, or will not come back
 */
record Standing(
    int replicas,
    List<Integer> good,
    List<Integer> leaving,
    List<Integer> awaited,
    List<Integer> gone) {

  /**
   * Looks at a block.
   *
   * @param replicas how many there should be
   * @param known whether a worker is one of the cluster's
   * @param patienceNanos so long a silent worker is waited for
   */
  static Standing of(
      WrittenBlock block,
      int replicas,
      WorkerRegistry workers,
      IntPredicate known,
      long patienceNanos) {
    Standing standing =
        new Standing(
            replicas, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int worker : block.workers()) {
      standing.where(worker, block, workers, known, patienceNanos).add(worker);
    }
    return standing;
  }

  private List<Integer> where(
      int worker,
      WrittenBlock block,
      WorkerRegistry workers,
      IntPredicate known,
      long patienceNanos) {
    if (!known.test(worker)) {
      return gone;
    }
    if (!workers.isLive(worker)) {
      return workers.silentNanos(worker) < patienceNanos ? awaited : gone;
    }
    if (workers.holds(worker, block.id())) {
      return workers.isLeaving(worker) ? leaving : good;
    }
    return workers.hasReported(worker) ? gone : awaited;
  }

  /** Whether a replica is to be made. */
  boolean isShort() {
    return good.size() + awaited.size() < replicas;
  }

  /** Whether nobody has it, or may. */
  boolean isLost() {
    return good.isEmpty() && leaving.isEmpty() && awaited.isEmpty();
  }

  /** Who has it now. */
  List<Integer> holders() {
    List<Integer> holders = new ArrayList<>(good);
    holders.addAll(leaving);
    return holders;
  }

  /** Who need not be counted on any more: enough others have it. */
  List<Integer> surplus() {
    if (good.size() < replicas) {
      return List.of();
    }
    List<Integer> surplus = new ArrayList<>(gone);
    surplus.addAll(leaving);
    surplus.addAll(good.subList(replicas, good.size()));
    return surplus;
  }
}
