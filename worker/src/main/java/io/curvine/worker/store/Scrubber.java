/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all blocks of a store, round and round in a thread of its own, and compares their pages
 * with the checksums: what has gone bad is found before somebody needs it.
 */
final class Scrubber implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

  private final BlockStore store;
  private final Throttle throttle;
  private final Duration roundMin;

  /**
   * @param roundMin from the beginning of one round to that of the next, at least
   */
  Scrubber(BlockStore store, Throttle throttle, Duration roundMin) {
    this.store = store;
    this.throttle = throttle;
    this.roundMin = roundMin;
  }

  /** Until the store closes. */
  @Override
  public void run() {
    try {
      long left = 0;
      while (!store.awaitEnd(Math.max(0, left))) {
        long began = System.nanoTime();
        round();
        left = roundMin.toNanos() - (System.nanoTime() - began);
      }
    } catch (InterruptedIOException e) {
      LOG.debug("no more scrubbing: {}", e.toString());
    }
  }

  /** All blocks that are here now, once. */
  void round() throws InterruptedIOException {
    List<BlockKey> keys = store.sealedKeys();
    for (BlockKey key : keys) {
      try {
        scrub(key);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        LOG.warn("block {} was not scrubbed: {}", key, e.toString());
      }
    }
  }

  private void scrub(BlockKey key) throws IOException {
    Optional<Block> held = store.acquireUnseen(key);
    if (held.isEmpty()) {
      return;
    }
    try (Block block = held.get()) {
      for (int page = 0; page < block.pageCount(); page++) {
        if (block.state().sealed() && block.pageLength(page) > 0) {
          store.checkOpen();
          throttle.await(block.pageLength(page));
          block.check(page);
        }
      }
    }
  }
}
