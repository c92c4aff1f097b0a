/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.protocol.net.HostPort;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * What Raft drives: the state that each committed entry is applied to. All but {@link #fetch},
 * {@link #roleChanged} and {@link #failed} are called on the one apply thread.
 */
public interface ReplicatedState {
  /** How far the state is when the server starts, or after {@link #install}. */
  Position applied();

  /**
   * Applies one entry. An exception means that the state and the log contradict each other: the
   * server stops.
   *
   * @param known what this process proposed the entry with, see {@link Consensus#submit}; else null
   */
  void apply(Position at, ByteBuffer entry, Object known);

  /** Passes an entry that is Raft's own. */
  void advance(Position at);

  /**
   * Called between entries: begins a snapshot if one is due. Brief.
   *
   * @return the index of the newest snapshot that is complete, -1 where there is none; the log may
   *     be purged up to it
   */
  long snapshotIfDue();

  /**
   * The log before this master's next entry is gone at the leader, or this master is new: fetches a
   * snapshot from there. The state stays as it is until {@link #install}.
   *
   * @param leaderRpc where the leader serves; a new master does not know the members yet
   * @param firstIndex of the oldest entry that the leader still has
   * @return {@link Position#NONE} where the leader has no snapshot
   */
  CompletableFuture<Position> fetch(HostPort leaderRpc, long firstIndex);

  /**
   * Replaces the state by what was fetched.
   *
   * @return the position of the state now
   */
  Position install() throws java.io.IOException;

  /** The role of this master or the leader that it knows may have changed. Brief. */
  void roleChanged();

  /** The server cannot go on; it has stopped or is about to. */
  void failed(Throwable cause);
}
