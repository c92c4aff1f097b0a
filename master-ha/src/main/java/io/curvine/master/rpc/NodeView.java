/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.query.QueryEngine;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.Pong;
import io.curvine.protocol.proto.TermConfirmed;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the service asks of the node that it serves for. Thread-safe; nothing blocks. */
public interface NodeView {
  /** Id of this master. */
  String id();

  /** Names the group of masters. */
  String group();

  /** The Raft term that this master is in, and what its log has. */
  TermConfirmed term();

  /** Whether this master leads and has claimed it. */
  boolean leading();

  /** RPC address of the leader; empty where none is known. */
  String leaderRpc();

  /** On the state as it is now. */
  QueryEngine queries();

  /** What it tells of itself, from memory. */
  Pong pong();

  /** The same with how far it is and what it keeps: the answer to a ping. */
  Pong progress();

  /** All members, asked just now. */
  CompletableFuture<List<MasterStatus>> masters();
}
