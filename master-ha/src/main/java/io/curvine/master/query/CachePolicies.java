/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.Policy;

/** What a policy says of cached bytes. */
final class CachePolicies {
  /** Of workers that have a copy. */
  static final int NO_LIMIT = Integer.MAX_VALUE;

  private CachePolicies() {}

  /** What workers are to know of it. */
  static CachePolicy of(Policy policy) {
    return CachePolicy.newBuilder()
        .setPinned(policy.getPinned())
        .setTier(policy.getTier())
        .setAdmission(policy.getAdmission())
        .setWholeFile(policy.getWholeFiles())
        .setCopies(policy.getMinReplicas())
        .build();
  }

  /** From 1. */
  static int minReplicas(Policy policy) {
    return Math.max(1, policy.getMinReplicas());
  }

  /** At least as many as {@link #minReplicas}. */
  static int maxReplicas(Policy policy) {
    return policy.getMaxReplicas() == 0
        ? NO_LIMIT
        : Math.max(minReplicas(policy), policy.getMaxReplicas());
  }
}
