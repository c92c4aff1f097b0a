/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves between tiers, made by hand: nothing runs beside. */
final class TierMovesTest {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;

  private final AtomicLong clock = new AtomicLong();

  private BlockStore open() throws IOException {
    return StoreFixture.open(
        List.of(
            new DirSpec(TierKind.MEM, directory.resolve("mem"), 8 * MIB),
            new DirSpec(TierKind.SSD, directory.resolve("ssd"), 64 * MIB)),
        Eviction.W_TINYLFU,
        clock::get);
  }

  /** A use of a block, some time after the last. */
  private void use(BlockStore store, int number) throws IOException {
    clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
    store.acquire(key(number)).orElseThrow().release();
  }

  private static byte[] content(int number) {
    byte[] bytes = new byte[PAGE_SIZE_BYTES];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private static BlockKey key(int number) {
    return new BlockKey(number, 1, 0);
  }

  private static void fill(BlockStore store, int number) throws IOException {
    try (Block block = store.acquireForFill(key(number))) {
      block.putPage(0, ByteBuffer.wrap(content(number)));
    }
  }

  private static void assertHolds(BlockStore store, int number) throws IOException {
    try (Block block = store.acquireUnseen(key(number)).orElseThrow()) {
      assertThat(block.check(0)).isEqualTo(PageCheck.GOOD);
      byte[] bytes = new byte[PAGE_SIZE_BYTES];
      block.read(ByteBuffer.wrap(bytes), 0);
      assertThat(bytes).isEqualTo(content(number));
    }
  }

  private static TierKind tier(BlockStore store, int number) {
    return store.find(key(number)).orElseThrow().dir().kind();
  }

  @Test
  void aFullTierMovesBlocksDownInsteadOfLosingThem() throws IOException {
    try (BlockStore store = open()) {
      for (int i = 0; i < 8; i++) {
        fill(store, i);
      }
      store.moves().relieve(store.find(key(7)).orElseThrow().dir());
      long moved = 0;
      for (int i = 0; i < 8; i++) {
        assertHolds(store, i);
        moved += tier(store, i) == TierKind.SSD ? 1 : 0;
      }
      assertThat(moved).isGreaterThanOrEqualTo(1);
      assertThat(store.tiers().get(0).getUsedBytes() + store.tiers().get(1).getUsedBytes())
          .isEqualTo(8L * PAGE_SIZE_BYTES);
    }
    try (BlockStore store = open()) {
      for (int i = 0; i < 8; i++) {
        assertHolds(store, i);
      }
    }
  }

  @Test
  void whatIsUsedOftenMovesUpInPlaceOfWhatIsNot() throws IOException {
    try (BlockStore store = open()) {
      for (int i = 0; i < 8; i++) {
        fill(store, i);
      }
      fill(store, 100); // the first tier is above its watermark
      assertThat(tier(store, 100)).isEqualTo(TierKind.SSD);
      for (int use = 0; use < 5; use++) {
        use(store, 100);
      }
      store.moves().raise(key(100));
      assertThat(tier(store, 100)).isEqualTo(TierKind.MEM);
      for (int i = 0; i < 8; i++) {
        assertHolds(store, i);
      }
      assertHolds(store, 100);
    }
  }

  @Test
  void whatIsUsedLessStaysBelow() throws IOException {
    try (BlockStore store = open()) {
      for (int i = 0; i < 8; i++) {
        fill(store, i);
        for (int use = 0; use < 5; use++) {
          use(store, i);
        }
      }
      fill(store, 100);
      store.moves().raise(key(100));
      assertThat(tier(store, 100)).isEqualTo(TierKind.SSD);
    }
  }

  @Test
  void aBlockThatIsReadOnceInManyPiecesWasUsedOnce() throws IOException {
    try (BlockStore store = open()) {
      for (int i = 0; i < 8; i++) {
        fill(store, i);
        use(store, i);
      }
      fill(store, 100);
      for (int piece = 0; piece < 64; piece++) {
        store.acquire(key(100)).orElseThrow().release();
      }
      assertThat(store.heat(key(100))).isLessThanOrEqualTo(store.heat(key(0)));
      store.moves().raise(key(100));
      assertThat(tier(store, 100)).isEqualTo(TierKind.SSD);
    }
  }

  @Test
  void aReaderOfABlockThatMovesReadsOn() throws IOException {
    try (BlockStore store = open()) {
      fill(store, 1);
      try (Block held = store.acquire(key(1)).orElseThrow()) {
        assertThat(BlockMove.move(store, held, store.where().slower(held.dir(), MIB).orElseThrow()))
            .isTrue();
        byte[] bytes = new byte[PAGE_SIZE_BYTES];
        held.read(ByteBuffer.wrap(bytes), 0);
        assertThat(bytes).isEqualTo(content(1));
        assertHolds(store, 1);
        assertThat(tier(store, 1)).isEqualTo(TierKind.SSD);
      }
      assertThat(store.tiers().get(0).getUsedBytes()).isZero();
    }
  }

  @Test
  void whatIsPinnedOrWrittenDoesNotMove() throws IOException {
    try (BlockStore store = open()) {
      fill(store, 1);
      store.pin(key(1));
      Block pinned = store.find(key(1)).orElseThrow();
      assertThat(
              BlockMove.move(store, pinned, store.where().slower(pinned.dir(), MIB).orElseThrow()))
          .isFalse();
      assertThat(tier(store, 1)).isEqualTo(TierKind.MEM);
    }
  }

  @Test
  void aPageThatIsBadIsNotCopied() throws IOException {
    try (BlockStore store = open()) {
      fill(store, 1);
      Path file = StoreFixture.file(directory, key(1));
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
      Block block = store.find(key(1)).orElseThrow();
      assertThat(BlockMove.move(store, block, store.where().slower(block.dir(), MIB).orElseThrow()))
          .isTrue();
      assertThat(store.corruptPages()).isEqualTo(1);
      try (Block moved = store.acquire(key(1)).orElseThrow()) {
        assertThat(moved.check(0)).isEqualTo(PageCheck.MISSING);
      }
    }
  }

  @Test
  void theScrubberFindsWhatHasGoneBad() throws IOException {
    try (BlockStore store = open()) {
      fill(store, 1);
      fill(store, 2);
      Path file = StoreFixture.file(directory, key(2));
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 100] ^= 1;
      Files.write(file, bytes);
      new Scrubber(store, new Throttle(0), Duration.ZERO).round();
      assertThat(store.corruptPages()).isEqualTo(1);
      assertHolds(store, 1);
    }
  }

  @Test
  void filesThatAreNoBlocksAreRemoved() throws IOException {
    try (BlockStore store = open()) {
      fill(store, 1);
      TierDir dir = store.find(key(1)).orElseThrow().dir();
      Path mine = StoreFixture.file(directory, key(1));
      Files.writeString(mine.resolveSibling("7-1-0.blk"), "left by a crash");
      Files.writeString(mine.resolveSibling("old.meta"), "of an earlier form");
      assertThat(Leftovers.remove(dir, store)).isEqualTo(2);
      assertHolds(store, 1);
    }
  }
}
