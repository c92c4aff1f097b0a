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
   * Completes once it is certain that this master led at some time after the call, so that its
   * state has all that was acknowledged before the call. Costs nothing while the read lease holds;
   * fails where this master does not lead or no majority answers.
   */
  CompletableFuture<Void> readGate();

  /**
   * The term in which this master leads, has applied all that was committed before, and has let the
   * read leases of former leaders run out; 0 where it does not.
   */
  long leadingTerm();
}
