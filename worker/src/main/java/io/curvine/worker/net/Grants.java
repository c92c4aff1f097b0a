/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LocalBlock;
import io.curvine.protocol.proto.LocalGrants;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The blocks whose files the client of one connection reads by itself. Each is held, and so not
 * evicted, until the client lets go of it or is gone. Thread-safe.
 */
final class Grants {
  /** So many descriptors may one client take. */
  private static final int GRANTS_MAX = 1024;

  private static final long VALID_MAX_MS = 1_000;

  private final BlockStore store;
  private final ServingLease lease;
  private final Map<BlockKey, Block> held = new HashMap<>();
  private boolean closed;

  Grants(BlockStore store, ServingLease lease) {
    this.store = store;
    this.lease = lease;
  }

  /** Lets the client read a block that is here and finished. */
  LocalBlock grant(BlockKey key) throws IOException {
    lease.check();
    Block block = store.acquire(key).orElseThrow(() -> LocalFiles.notHere(key, null));
    if (!block.beginMapping()) {
      block.release();
      throw refused(key);
    }
    if (!keep(key, block)) {
      letGo(block);
      throw refused(key);
    }
    try {
      int valid = validMs();
      return LocalFiles.of(block).setValidMs(valid).build();
    } catch (IOException e) {
      release(key);
      throw e;
    }
  }

  private static CurvineException refused(BlockKey key) {
    return new CurvineException(
        ErrorCode.BUSY, "block " + key + " cannot be read but through the worker now");
  }

  private static void letGo(Block block) {
    block.endMapping();
    block.release();
  }

  private synchronized boolean keep(BlockKey key, Block block) {
    if (closed || held.size() >= GRANTS_MAX || held.containsKey(key)) {
      return false;
    }
    held.put(key, block);
    return true;
  }

  void release(BlockKey key) {
    Block block;
    synchronized (this) {
      block = held.remove(key);
    }
    if (block != null) {
      letGo(block);
    }
  }

  /** What the client may go on with. */
  LocalGrants renew() throws CurvineException {
    lease.check();
    LocalGrants.Builder grants = LocalGrants.newBuilder().setValidMs(validMs());
    synchronized (this) {
      held.forEach(
          (key, block) -> {
            if (block.dropped() || !block.state().sealed()) {
              grants.addOver(key.toProto());
            }
          });
    }
    return grants.build();
  }

  private int validMs() {
    return (int) Math.min(VALID_MAX_MS, TimeUnit.NANOSECONDS.toMillis(lease.leftNanos()));
  }

  /** The client is gone. */
  void close() {
    Map<BlockKey, Block> left;
    synchronized (this) {
      closed = true;
      left = Map.copyOf(held);
      held.clear();
    }
    left.values().forEach(Grants::letGo);
  }
}
