/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.util.concurrent.CompletableFuture;

/** What a leader's threads need of Raft. Thread-safe. */
public interface Consensus {
  /**
   * Proposes an entry. Completes when it has been applied here; exceptionally when it may not have
   * been committed.
   *
   * @param known handed to {@link ReplicatedState#apply} with the entry where it is applied in this
   *     process as it was proposed; null: nothing
   */
  CompletableFuture<Void> submit(byte[] entry, Object known);

  /**
   * Completes once all that was committed in the cluster before the call has been applied here.
   * Costs nothing while the leader's lease holds.
   */
  CompletableFuture<Void> readGate();

  /**
   * The term in which this master leads and has applied all that was committed before; 0 where it
   * does not.
   */
  long leadingTerm();
}
