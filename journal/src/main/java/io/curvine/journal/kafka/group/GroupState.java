/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

/** Where a group is between two rebalances. */
public enum GroupState {
  /** It has no members; it may have offsets. */
  EMPTY("Empty"),
  /** Waits until its members have joined again. */
  PREPARING_REBALANCE("PreparingRebalance"),
  /** Has a new generation and waits for the leader's assignment. */
  COMPLETING_REBALANCE("CompletingRebalance"),
  STABLE("Stable"),
  /** It is being deleted. */
  DEAD("Dead");

  private final String shownName;

  GroupState(String shownName) {
    this.shownName = shownName;
  }

  /** As Kafka's tools write it. */
  public String shownName() {
    return shownName;
  }
}
