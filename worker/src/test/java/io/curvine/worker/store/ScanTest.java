/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One who reads ten times what the cache holds, once, beside what is used again and again. */
final class ScanTest {
  private static final int CAPACITY_PAGES = 40;
  private static final int SCANNED = 10 * CAPACITY_PAGES;
  private static final long FIRST_SCANNED = 1_000;

  /** Longer than what counts as one use. */
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(6);

  @TempDir private Path directory;
  private final AtomicLong now = new AtomicLong(1);
  private BlockStore store;

  /** Reads a block of one page, which is filled where it is missing; true where it was there. */
  private boolean read(long inode) throws IOException {
    try (Block block = store.acquireForFill(new BlockKey(inode, 1, 0))) {
      boolean there = block.pageLength(0) > 0;
      if (!there) {
        block.putPage(0, ByteBuffer.allocate(PAGE_SIZE_BYTES));
      }
      return there;
    }
  }

  private void readAll(int hot) throws IOException {
    now.addAndGet(STEP_NANOS);
    for (int inode = 1; inode <= hot; inode++) {
      read(inode);
    }
  }

  private long left(int hot) {
    return LongStream.rangeClosed(1, hot)
        .filter(inode -> store.stateOf(new BlockKey(inode, 1, 0)).isPresent())
        .count();
  }

  /**
   * @param hotPages of the hot set
   * @param between blocks scanned between two reads of the hot set; 0: it is not read meanwhile
   */
  @ParameterizedTest
  @CsvSource({
    "W_TINYLFU, 10, 0",
    "W_TINYLFU, 24, 0",
    "W_TINYLFU, 24, 20",
    "W_TINYLFU, 30, 50",
    "LFU, 10, 0",
    "LFU, 24, 20",
  })
  void theHotSetStays(Eviction policy, int hotPages, int between) throws IOException {
    DirSpec dir = new DirSpec(TierKind.SSD, directory, (long) CAPACITY_PAGES * PAGE_SIZE_BYTES);
    store = StoreFixture.open(List.of(dir), policy, now::get);
    try (BlockStore closing = store) {
      for (int round = 0; round < 3; round++) {
        readAll(hotPages);
      }
      assertThat(left(hotPages)).isEqualTo(hotPages);
      for (int i = 0; i < SCANNED; i++) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
        assertThat(read(FIRST_SCANNED + i)).isFalse();
        if (between > 0 && i % between == between - 1) {
          readAll(hotPages);
        }
      }
      assertThat(left(hotPages)).isGreaterThanOrEqualTo(hotPages * 9L / 10);
      assertThat(closing.keys()).hasSizeLessThanOrEqualTo(CAPACITY_PAGES);
    }
  }
}
