/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

/**
 * Who a member says it is.
 *
 * @param memberId as the coordinator gave it; empty where it has none yet
 * @param instanceId of a static member, which keeps its share over a restart; empty for others
 */
public record Identity(String memberId, String instanceId) {
  public boolean isStatic() {
    return !instanceId.isEmpty();
  }
}
