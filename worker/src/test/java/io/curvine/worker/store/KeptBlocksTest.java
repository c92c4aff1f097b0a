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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What policies keep in the cache. */
class KeptBlocksTest {
  private static final long MIB = 1 << 20;
  private static final TierKind ANY = TierKind.TIER_UNSPECIFIED;

  @TempDir Path dir;

  private static BlockKey key(int number) {
    return new BlockKey(number, 1, 0);
  }

  private static void fill(BlockStore store, int number, boolean kept) throws IOException {
    try (Block block = store.acquireForFill(key(number), ANY, kept)) {
      block.putPage(0, ByteBuffer.allocate(PAGE_SIZE_BYTES));
    }
  }

  private static void fillMany(BlockStore store) throws IOException {
    for (int i = 100; i < 130; i++) {
      fill(store, i, false);
    }
  }

  private static boolean kept(BlockStore store, int number) {
    return store.find(key(number)).map(Block::kept).orElse(false);
  }

  private static long keptBytes(BlockStore store) {
    return store.tiers().get(0).getKeptBytes();
  }

  @Test
  void theyAreNotEvictedUntilNothingKeepsThem() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB)) {
      fill(store, 1, true);
      fill(store, 2, false);
      store.keep(key(2), true);
      fill(store, 3, false);
      fillMany(store);
      assertThat(store.keys()).contains(key(1), key(2)).doesNotContain(key(3));
      assertThat(keptBytes(store)).isEqualTo(2 * MIB);
      store.keep(key(1), false);
      assertThat(keptBytes(store)).isEqualTo(MIB);
      fillMany(store);
      assertThat(store.keys()).contains(key(2)).doesNotContain(key(1));
    }
  }

  @Test
  void theyAreKeptAcrossARestart() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB)) {
      fill(store, 1, true);
      fill(store, 2, true);
      store.keep(key(2), false);
    }
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB)) {
      assertThat(kept(store, 1)).isTrue();
      assertThat(keptBytes(store)).isEqualTo(MIB);
      fillMany(store);
      assertThat(store.keys()).contains(key(1)).doesNotContain(key(2));
    }
  }

  @Test
  void noMoreIsKeptThanTheShareOfTheDirectory() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB)) {
      for (int i = 0; i < 20; i++) {
        fill(store, i, true);
      }
      assertThat(keptBytes(store)).isEqualTo(7 * MIB); // 80 % is a little less than 8
      assertThat(store.keepRefusals()).isPositive();
      store.keep(key(0), false);
      store.keep(key(19), true);
      assertThat(kept(store, 19)).isTrue();
      assertThat(keptBytes(store)).isEqualTo(7 * MIB);
    }
  }

  @Test
  void aBlockThatGrowsPastTheShareIsKeptNoLonger() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB);
        Block block = store.acquireForFill(key(1), ANY, true)) {
      for (int page = 0; page < 7; page++) {
        block.putPage(page, ByteBuffer.allocate(PAGE_SIZE_BYTES));
        assertThat(block.kept()).isTrue();
      }
      block.putPage(7, ByteBuffer.allocate(PAGE_SIZE_BYTES));
      assertThat(block.kept()).isFalse();
      assertThat(keptBytes(store)).isZero();
      assertThat(store.keepRefusals()).isEqualTo(1);
      assertThat(store.tiers().get(0).getUsedBytes()).isEqualTo(8 * MIB);
    }
  }

  @Test
  void theyGoWhenNobodyNamesThemOrTheyAreDropped() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB)) {
      fill(store, 1, true);
      fill(store, 2, true);
      assertThat(store.letGo(key(1))).isTrue();
      assertThat(kept(store, 1)).isFalse();
      fillMany(store);
      assertThat(store.keys()).doesNotContain(key(1));
      assertThat(store.dropIfCached(key(2))).isTrue();
      assertThat(keptBytes(store)).isZero();
    }
  }

  @Test
  void whatTheUfsDoesNotHaveIsKeptFromWhenItHas() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 10 * MIB)) {
      StoreFixture.write(store, key(1), new byte[PAGE_SIZE_BYTES]);
      store.keep(key(1), true);
      assertThat(keptBytes(store)).isZero();
      assertThat(store.tiers().get(0).getPinnedBytes()).isEqualTo(MIB);
      store.unpin(key(1));
      assertThat(keptBytes(store)).isEqualTo(MIB);
      assertThat(store.tiers().get(0).getPinnedBytes()).isZero();
      fillMany(store);
      assertThat(store.keys()).contains(key(1));
      store.pin(key(1));
      assertThat(keptBytes(store)).isZero();
    }
  }

  private BlockStore tiered() throws IOException {
    return StoreFixture.open(
        List.of(
            new DirSpec(TierKind.MEM, dir.resolve("mem"), 8 * MIB),
            new DirSpec(TierKind.SSD, dir.resolve("ssd"), 64 * MIB)));
  }

  private static TierKind tier(BlockStore store, int number) {
    return store.find(key(number)).orElseThrow().dir().kind();
  }

  @Test
  void theyAreMadeWhereTheyCanBeKept() throws IOException {
    try (BlockStore store = tiered()) {
      for (int i = 0; i < 20; i++) {
        fill(store, i, true);
      }
      assertThat(keptBytes(store)).isLessThan(7 * MIB);
      assertThat(tier(store, 0)).isEqualTo(TierKind.MEM);
      assertThat(tier(store, 19)).isEqualTo(TierKind.SSD);
      assertThat(store.keys()).allMatch(key -> store.find(key).orElseThrow().kept());
      store.acquireForFill(key(50), TierKind.SSD, false).release();
      assertThat(tier(store, 50)).isEqualTo(TierKind.SSD);
    }
  }

  @Test
  void theyStayKeptWhenTheyMoveToAnotherTier() throws IOException {
    try (BlockStore store = tiered()) {
      try (Block block = store.acquireForFill(key(1), TierKind.SSD, true)) {
        block.putPage(0, ByteBuffer.allocate(PAGE_SIZE_BYTES));
      }
      store.moves().raise(key(1));
      assertThat(tier(store, 1)).isEqualTo(TierKind.MEM);
      assertThat(kept(store, 1)).isTrue();
      assertThat(keptBytes(store)).isEqualTo(MIB);
      assertThat(store.tiers().get(1).getKeptBytes()).isZero();
    }
    try (BlockStore store = tiered()) {
      assertThat(kept(store, 1)).isTrue();
    }
  }
}
