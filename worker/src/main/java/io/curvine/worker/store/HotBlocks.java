/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * Blocks that are read over and over just now: in one window of time so many times their bytes went
 * to readers. Thread-safe, and cheap for the others: two words and a clock for each read.
 */
public final class HotBlocks {
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A small block counts as one of this size: a whole worker is what is to be spared. */
  static final long BYTES_MIN = 16 << 20;

  /** So many are told, those that were hot last. */
  static final int TOLD_MAX = 64;

  private static final int HOT_MAX = 16 * TOLD_MAX;

  /** Of a counter: the rest is the number of its window. */
  private static final int BYTES_BITS = 44;

  private static final long BYTES_MASK = (1L << BYTES_BITS) - 1;
  private static final long WINDOW_MASK = (1L << (Long.SIZE - BYTES_BITS)) - 1;

  private static final AtomicLongFieldUpdater<Block> SERVED =
      AtomicLongFieldUpdater.newUpdater(Block.class, "served");

  private final int reads;
  private final LongSupplier nanoTime;
  private final long began;

  /** With the window in which each was hot last. */
  private final Map<BlockKey, Long> hot = new ConcurrentHashMap<>();

  /**
   * @param reads so many times its bytes within a window make a block hot; 0: none is
   */
  HotBlocks(int reads, LongSupplier nanoTime) {
    this.reads = reads;
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  private long window() {
    return (nanoTime.getAsLong() - began) / WINDOW_NANOS;
  }

  /** Bytes of a block went to a reader. */
  void served(Block block, int bytes) {
    if (reads == 0) {
      return;
    }
    long window = window();
    long tag = (window & WINDOW_MASK) << BYTES_BITS;
    long now =
        SERVED.updateAndGet(
            block,
            before -> {
              long soFar = (before & ~BYTES_MASK) == tag ? before & BYTES_MASK : 0;
              return tag | Math.min(BYTES_MASK, soFar + bytes);
            });
    long served = now & BYTES_MASK;
    if (served >= reads * BYTES_MIN && served >= reads * block.validLength()) {
      boolean room = hot.size() < HOT_MAX || hot.containsKey(block.key());
      if (room) {
        hot.put(block.key(), window);
      }
    }
  }

  /** Those of this window and the last, the latest first; at most {@link #TOLD_MAX}. */
  public List<BlockKey> now() {
    long window = window();
    hot.values().removeIf(last -> last < window - 1);
    List<Map.Entry<BlockKey, Long>> all = new ArrayList<>(hot.entrySet());
    all.sort(Map.Entry.<BlockKey, Long>comparingByValue().reversed());
    return all.stream().limit(TOLD_MAX).map(Map.Entry::getKey).toList();
  }
}
