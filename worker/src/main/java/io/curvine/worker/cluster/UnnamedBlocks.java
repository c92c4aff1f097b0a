/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks that nothing in the namespace names any more, of deleted files and of older versions. They
 * stay for a while, for whoever looks back, unless their room is needed; then they are dropped.
 * Thread-safe; one thread drops.
 */
public final class UnnamedBlocks implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnnamedBlocks.class);
  private static final long LOOK_MILLIS = 500;

  private final BlockStore store;
  private final long keptNanos;

  /** When each goes. One that is named again is not here, though it waits in the queue. */
  private final Map<BlockKey, Ending> endings = new ConcurrentHashMap<>();

  private final DelayQueue<Ending> queue = new DelayQueue<>();
  private volatile boolean closed;

  /**
   * @param kept for so long; zero: they are dropped at once
   */
  public UnnamedBlocks(BlockStore store, Duration kept) {
    this.store = store;
    this.keptNanos = kept.toNanos();
  }

  /** The end of a block. */
  private record Ending(BlockKey key, long atNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  /**
   * Nothing names the block any more. Said again, it does not stay longer.
   *
   * @return whether that was news
   */
  boolean add(BlockKey key) {
    if (keptNanos == 0) {
      store.drop(key);
      return true;
    }
    if (endings.containsKey(key)) {
      return false;
    }
    Ending ending = new Ending(key, System.nanoTime() + keptNanos);
    try {
      if (store.letGo(key) && endings.putIfAbsent(key, ending) == null) {
        queue.add(ending);
      }
    } catch (IOException e) {
      LOG.warn("block {} is dropped at once: {}", key, e.toString());
      store.drop(key);
    }
    return true;
  }

  /** Something names the block. */
  public void remove(BlockKey key) {
    endings.remove(key);
  }

  /** How many wait for their end, those that were evicted before it too. */
  int waiting() {
    return endings.size();
  }

  /** Drops those whose time is over, until it is closed. */
  @Override
  public void run() {
    try {
      while (!closed) {
        Ending ending = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (ending != null && endings.remove(ending.key(), ending)) {
          store.drop(ending.key());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends {@link #run}. */
  @Override
  public void close() {
    closed = true;
  }
}
