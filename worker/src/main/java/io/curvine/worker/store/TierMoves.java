/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves blocks between the tiers of a store, in a thread of its own: down from a directory that is
 * fuller than its high watermark while a slower one has room (out of the store otherwise), and up
 * when a block is used more often than one that lies higher. Thread-safe.
 */
final class TierMoves implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(TierMoves.class);
  private static final int HOT_MAX = 1024;

  private final BlockStore store;
  private final Throttle throttle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Set<TierDir> full = new LinkedHashSet<>();
  private final Set<BlockKey> hot = new LinkedHashSet<>();

  TierMoves(BlockStore store, Throttle throttle) {
    this.store = store;
    this.throttle = throttle;
  }

  /** The directory is above its high watermark. */
  void full(TierDir dir) {
    lock.lock();
    try {
      if (full.add(dir)) {
        wanted.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The block is used often, and a faster directory may be the place for it. */
  void hot(BlockKey key) {
    lock.lock();
    try {
      if (hot.size() < HOT_MAX && hot.add(key)) {
        wanted.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The store closes. */
  void wake() {
    lock.lock();
    try {
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Until the store closes. */
  @Override
  public void run() {
    try {
      while (true) {
        TierDir dir;
        BlockKey key;
        lock.lock();
        try {
          store.checkOpen();
          while (full.isEmpty() && hot.isEmpty()) {
            wanted.await();
            store.checkOpen();
          }
          dir = takeFirst(full);
          key = dir == null ? takeFirst(hot) : null;
        } finally {
          lock.unlock();
        }
        work(dir, key);
      }
    } catch (InterruptedException | InterruptedIOException e) {
      LOG.debug("no more moves between tiers: {}", e.toString());
    }
  }

  private void work(TierDir dir, BlockKey key) throws InterruptedIOException {
    try {
      if (dir != null) {
        relieve(dir);
      } else {
        raise(key);
      }
    } catch (RuntimeException e) {
      LOG.error("a move between tiers failed", e); // the next may not
    }
  }

  private static <T> T takeFirst(Set<T> from) {
    Optional<T> first = from.stream().findFirst();
    first.ifPresent(from::remove);
    return first.orElse(null);
  }

  /** Down to the low watermark. */
  void relieve(TierDir dir) throws InterruptedIOException {
    for (Block block : dir.victims()) {
      store.checkOpen();
      if (dir.failed() || dir.overLowBytes() <= 0) {
        return;
      }
      lower(block);
    }
  }

  private void lower(Block block) throws InterruptedIOException {
    boolean unnamed = block.dir().goesFirst(block);
    Optional<TierDir> below =
        unnamed ? Optional.empty() : store.where().slower(block.dir(), block.bytes());
    if (below.isEmpty() || !move(block, below.get())) {
      block.evictIfIdle();
    }
  }

  /** Up, where a faster directory has room, or has blocks that are used less. */
  void raise(BlockKey key) throws InterruptedIOException {
    Optional<Block> found = store.find(key);
    if (found.isEmpty()) {
      return;
    }
    Block block = found.get();
    Optional<TierDir> above = store.where().faster(block.dir());
    boolean stays = block.kept() && above.isPresent() && !above.get().canKeep(block.bytes());
    if (above.isPresent() && !stays && makeRoom(above.get(), block)) {
      move(block, above.get());
    }
  }

  private boolean makeRoom(TierDir dir, Block newcomer) throws InterruptedIOException {
    for (Block victim : dir.victims()) {
      if (dir.roomBytes() >= newcomer.bytes()) {
        return true;
      }
      if (store.heat(victim.key()) >= store.heat(newcomer.key())) {
        return false;
      }
      lower(victim);
    }
    return dir.roomBytes() >= newcomer.bytes();
  }

  private boolean move(Block block, TierDir to) throws InterruptedIOException {
    try {
      throttle.await(block.bytes());
      return BlockMove.move(store, block, to);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("block {} stays in {}: {}", block.key(), block.dir().path(), e.toString());
      return false;
    }
  }
}
