/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotBlocksTest {
  private static final int READS = 4;
  private static final BlockKey SMALL = new BlockKey(1, 1, 0);
  private static final BlockKey LARGE = new BlockKey(2, 1, 0);
  private static final int LARGE_BYTES = 20 << 20;

  @TempDir Path dir;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private BlockStore store;

  @BeforeEach
  void start() throws IOException {
    store =
        BlockStore.open(
            new StoreSettings(
                List.of(new DirSpec(TierKind.SSD, dir, 64L << 20)),
                95,
                85,
                80,
                Eviction.W_TINYLFU,
                0,
                0,
                READS,
                clock::get));
    StoreFixture.write(store, SMALL, new byte[1000]);
    StoreFixture.write(store, LARGE, new byte[LARGE_BYTES]);
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
  }

  private void serve(BlockKey key, long bytes) throws IOException {
    try (Block block = store.acquire(key).orElseThrow()) {
      for (long left = bytes; left > 0; left -= 1 << 20) {
        block.served((int) Math.min(left, 1 << 20));
      }
    }
  }

  private void windows(int count) {
    clock.addAndGet(count * HotBlocks.WINDOW_NANOS);
  }

  @Test
  void aBlockIsHotWhenItIsReadOftenEnoughInAWindow() throws IOException {
    serve(LARGE, (long) READS * LARGE_BYTES - 1);
    assertThat(store.hot().now()).isEmpty();
    serve(LARGE, 1);
    assertThat(store.hot().now()).containsExactly(LARGE);
    windows(1);
    assertThat(store.hot().now()).containsExactly(LARGE);
    windows(1);
    assertThat(store.hot().now()).isEmpty();
  }

  @Test
  void aSmallBlockCountsAsALargerOne() throws IOException {
    serve(SMALL, READS * HotBlocks.BYTES_MIN - 1);
    assertThat(store.hot().now()).isEmpty();
    serve(SMALL, 1);
    assertThat(store.hot().now()).containsExactly(SMALL);
  }

  @Test
  void ofManyThoseAreToldThatWereHotLast() throws IOException {
    List<BlockKey> all = new ArrayList<>();
    for (int i = 0; i < 2 * HotBlocks.TOLD_MAX; i++) {
      BlockKey key = new BlockKey(100 + i, 1, 0);
      StoreFixture.write(store, key, new byte[100]);
      all.add(key);
    }
    for (BlockKey key : all.subList(0, HotBlocks.TOLD_MAX)) {
      serve(key, READS * HotBlocks.BYTES_MIN);
    }
    windows(1);
    List<BlockKey> later = all.subList(HotBlocks.TOLD_MAX, all.size());
    for (BlockKey key : later) {
      serve(key, READS * HotBlocks.BYTES_MIN);
    }
    assertThat(store.hot().now()).containsExactlyInAnyOrderElementsOf(later);
  }

  @Test
  void slowReadersDoNotAddUp() throws IOException {
    for (int window = 0; window < 20; window++) {
      serve(LARGE, 2L * LARGE_BYTES);
      windows(1);
      assertThat(store.hot().now()).isEmpty();
    }
  }

  @Test
  void whatStaysHotIsToldAgainAndAgain() throws IOException {
    for (int window = 0; window < 20; window++) {
      serve(LARGE, (long) READS * LARGE_BYTES);
      assertThat(store.hot().now()).containsExactly(LARGE);
      windows(1);
    }
  }
}
