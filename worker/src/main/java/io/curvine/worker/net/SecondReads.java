/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.worker.store.BlockKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which blocks were read lately without being kept, for paths of which only what is read again is.
 * Those read longest ago are forgotten where there are too many. Thread-safe.
 */
final class SecondReads {
  /** About 4 MiB. */
  static final int BLOCKS_MAX = 32_768;

  /** Requests within so long of each other are one read: a scan asks for a block piece by piece. */
  static final long ONE_READ_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What was not read for so long is read for the first time again. */
  static final long WITHIN_NANOS = TimeUnit.HOURS.toNanos(1);

  private final LongSupplier nanoTime;

  /** With when it was last asked for. */
  private final Map<BlockKey, Long> askedAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlockKey, Long> eldest) {
          return size() > BLOCKS_MAX;
        }
      };

  SecondReads(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A request came for a block that is not here; tells whether it begins its second read. */
  synchronized boolean isSecond(BlockKey block) {
    long now = nanoTime.getAsLong();
    Long before = askedAt.put(block, now);
    boolean second =
        before != null && now - before >= ONE_READ_NANOS && now - before < WITHIN_NANOS;
    if (second) {
      askedAt.remove(block);
    }
    return second;
  }
}
