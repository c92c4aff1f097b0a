/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import java.util.ArrayList;
import java.util.List;

/**
 * How the replicas of a block stand, by the workers that are counted on for it.
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
  Standing(int replicas) {
    this(replicas, new ArrayList<>(2), new ArrayList<>(0), new ArrayList<>(0), new ArrayList<>(0));
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
