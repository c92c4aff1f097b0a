/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;

/**
 * A listing of a directory that is under way, for those who wait for all of it or for its first
 * names. Thread-safe.
 */
final class Listing {
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private ByteString upTo = ByteString.EMPTY;
  private CompletableFuture<Void> further = new CompletableFuture<>();

  private final boolean claim;

  /**
   * One that begins.
   *
   * @param claim it lists nothing, and only keeps others away for a while
   */
  Listing(boolean claim) {
    this.claim = claim;
  }

  boolean isClaim() {
    return claim;
  }

  /** All names are in the state, or it failed. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** All names up to this one are in the state, itself included; empty: none yet. */
  synchronized ByteString upTo() {
    return upTo;
  }

  /** Completes when names after that one are in the state; fails as the listing. */
  synchronized CompletableFuture<Void> past(ByteString name) {
    return ByteString.unsignedLexicographicalComparator().compare(upTo, name) > 0
        ? CompletableFuture.completedFuture(null)
        : further.thenCompose(moved -> done.isDone() ? done : past(name));
  }

  /** The names up to that one are in the state. */
  void reached(ByteString name) {
    CompletableFuture<Void> waiting;
    synchronized (this) {
      upTo = name;
      waiting = further;
      further = new CompletableFuture<>();
    }
    waiting.complete(null);
  }

  /**
   * It has ended.
   *
   * @param failure null: it has succeeded
   */
  void end(Throwable failure) {
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
    CompletableFuture<Void> waiting;
    synchronized (this) {
      waiting = further;
    }
    waiting.complete(null);
  }
}
