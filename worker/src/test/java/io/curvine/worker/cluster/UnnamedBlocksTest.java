/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UnnamedBlocksTest {
  private static final int MIB = 1 << 20;
  private static final BlockKey KEY = new BlockKey(5, 2, 0);

  @TempDir Path dir;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  @Test
  void staysReadableAndMayBeEvicted() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB)) {
      StoreFixture.write(store, KEY, bytes(5_000));
      UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ofHours(1));
      assertThat(unnamed.add(KEY)).isTrue();
      assertThat(unnamed.add(KEY)).as("said again").isFalse();
      assertThat(store.stateOf(KEY)).hasValue(BlockState.CACHED);
      try (Block block = store.acquire(KEY).orElseThrow()) {
        ByteBuffer read = ByteBuffer.allocate(5_000);
        block.read(read, 0);
        assertThat(read.array()).isEqualTo(bytes(5_000));
      }
      assertThat(unnamed.waiting()).isEqualTo(1);
      unnamed.remove(KEY);
      assertThat(unnamed.waiting()).isZero();
    }
  }

  @Test
  void goesBeforeAllThatIsNamed() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ofHours(1));
      for (int inode = 1; inode <= 14; inode++) {
        BlockKey key = new BlockKey(inode, 1, 0);
        StoreFixture.write(store, key, bytes(MIB));
        store.unpin(key);
      }
      // Neither the oldest nor the newest.
      List<BlockKey> ended = List.of(new BlockKey(6, 1, 0), new BlockKey(9, 1, 0));
      for (BlockKey key : ended) {
        assertThat(unnamed.add(key)).isTrue();
        store.acquire(key).orElseThrow().close();
      }
      for (int inode = 15; inode <= 17; inode++) {
        StoreFixture.write(store, new BlockKey(inode, 1, 0), bytes(MIB));
      }
      assertThat(store.keys()).doesNotContainAnyElementsOf(ended);
    }
  }

  @Test
  @Timeout(60)
  void goesWhenItsTimeIsOver() throws Exception {
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB);
        UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ofMillis(50))) {
      StoreFixture.write(store, KEY, bytes(1_000));
      Thread thread = new Thread(unnamed);
      thread.start();
      assertThat(unnamed.add(KEY)).isTrue();
      while (unnamed.waiting() > 0 || store.stateOf(KEY).isPresent()) {
        Thread.onSpinWait();
      }
      unnamed.close();
      thread.join();
    }
  }

  @Test
  void withoutTimeItGoesAtOnce() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB)) {
      StoreFixture.write(store, KEY, bytes(1_000));
      UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ZERO);
      assertThat(unnamed.add(KEY)).isTrue();
      assertThat(store.stateOf(KEY)).isEmpty();
    }
  }
}
