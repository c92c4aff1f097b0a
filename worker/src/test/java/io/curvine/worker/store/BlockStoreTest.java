/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockStoreTest {
  private static final long MIB = 1 << 20;
  private static final BlockKey KEY = new BlockKey(7, 3, 1);

  @TempDir Path dir;

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(Block block, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    block.read(ByteBuffer.wrap(bytes), offset);
    return bytes;
  }

  private static void fill(BlockStore store, BlockKey key, int page, byte[] bytes)
      throws IOException {
    try (Block block = store.acquireForFill(key)) {
      block.putPage(page, ByteBuffer.wrap(bytes));
    }
  }

  private static void write(BlockStore store, BlockKey key, byte[] bytes) throws IOException {
    StoreFixture.write(store, key, bytes);
  }

  private static void write(BlockWrite write, long offset, byte[] bytes) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(bytes);
    write.write(content, ChunkSums.of(offset, content));
  }

  @Test
  void keepsFilledPagesAcrossARestart() throws IOException {
    byte[] page = random(PAGE_SIZE_BYTES, 1);
    byte[] tail = random(1000, 2);
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB)) {
      fill(store, KEY, 2, page);
      fill(store, KEY, 5, tail);
    }
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB);
        Block block = store.acquire(KEY).orElseThrow()) {
      assertThat(block.state()).isEqualTo(BlockState.CACHED);
      assertThat(block.check(2)).isEqualTo(PageCheck.GOOD);
      assertThat(block.check(3)).isEqualTo(PageCheck.MISSING);
      assertThat(block.pageLength(5)).isEqualTo(1000);
      assertThat(read(block, 2L * PAGE_SIZE_BYTES, PAGE_SIZE_BYTES)).isEqualTo(page);
      assertThat(store.tiers().get(0).getUsedBytes()).isEqualTo(PAGE_SIZE_BYTES + 1000);
    }
  }

  @Test
  void aFlippedBitMakesAPageMissingOnceItIsLookedAt() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB);
        Block block = store.acquireForFill(KEY)) {
      block.putPage(0, ByteBuffer.wrap(random(PAGE_SIZE_BYTES, 1)));
      assertThat(block.check(0)).isEqualTo(PageCheck.GOOD);
      flip(StoreFixture.file(dir, KEY), BlockFileFormat.DATA_AT + 4711);
      assertThat(block.check(0)).isEqualTo(PageCheck.CORRUPT);
      assertThat(block.check(0)).isEqualTo(PageCheck.MISSING);
      assertThat(store.corruptPages()).isEqualTo(1);
    }
  }

  @Test
  void aPinnedPageThatIsCorruptIsKeptAndCountedOnce() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB)) {
      write(store, KEY, random(5000, 1));
      flip(StoreFixture.file(dir, KEY), BlockFileFormat.DATA_AT + 4711);
      try (Block block = store.acquire(KEY).orElseThrow()) {
        assertThat(block.check(0)).isEqualTo(PageCheck.CORRUPT);
        assertThat(block.check(0)).isEqualTo(PageCheck.CORRUPT);
      }
      assertThat(store.corruptPages()).isEqualTo(1);
    }
  }

  static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 0x10;
    Files.write(file, bytes);
  }

  private static void refusesToForce(BlockStore store, BlockKey key) {
    assertThatThrownBy(() -> store.force(key))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOCK_NOT_FOUND));
  }

  @Test
  void forcesWhatOthersMayRead() throws IOException {
    byte[] some = random(3000, 1);
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB)) {
      refusesToForce(store, KEY);
      try (BlockWrite write = store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
        write(write, 0, some);
        refusesToForce(store, KEY); // nobody was told of it
        write.sync(some.length);
        write(write, some.length, some);
        store.force(KEY);
        assertThat(write.block().check(0)).as("its last bytes too").isEqualTo(PageCheck.GOOD);
        assertThat(write.block().pageLength(0)).isEqualTo(2 * some.length);
        write(write, 2L * some.length, some); // its writer goes on
        write.commit(3L * some.length, false);
      }
      store.force(KEY);
      store.unpin(KEY);
      store.force(KEY); // it may be lost
      store.drop(KEY);
      refusesToForce(store, KEY);
    }
  }

  @Test
  void writesAnywhereAndZerosBetween() throws IOException {
    byte[] some = random(3000, 1);
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB);
        BlockWrite write = store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
      Block block = write.block();
      long at = 3L * PAGE_SIZE_BYTES - 1000;
      write(write, at, some);
      write.commit(at + 5000, false);
      assertThat(block.state()).isEqualTo(BlockState.PINNED);
      assertThat(block.pageLength(0)).isEqualTo(PAGE_SIZE_BYTES);
      assertThat(block.pageLength(3)).isEqualTo(4000);
      assertThat(read(block, at, 3000)).isEqualTo(some);
      assertThat(read(block, at + 3000, 2000)).containsOnly(0);
      for (int page = 0; page < 4; page++) {
        assertThat(block.check(page)).isEqualTo(PageCheck.GOOD);
      }
    }
  }

  @Test
  void goingOnDropsWhatIsPastTheLengthAndShutsTheOldWriterOut() throws IOException {
    byte[] bytes = random(PAGE_SIZE_BYTES + 500, 1);
    try (BlockStore store = StoreFixture.open(dir, 64 * MIB);
        BlockWrite first = store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
      write(first, 0, bytes);
      try (BlockWrite second = store.openForWrite(KEY, 200, WriteAck.PAGE_CACHE)) {
        Block again = second.block();
        assertThat(again.validLength()).isEqualTo(200);
        assertThat(read(again, 0, 200)).isEqualTo(java.util.Arrays.copyOf(bytes, 200));
        assertThat(read(again, 200, 800)).containsOnly(0);
      }
      assertThatThrownBy(() -> write(first, 0, bytes))
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEASE_LOST));
      assertThatThrownBy(() -> store.openForWrite(KEY, 201, WriteAck.PAGE_CACHE))
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOCK_NOT_FOUND));
    }
  }

  @Test
  void evictsTheLeastRecentlyUsedAndNothingElse() throws IOException {
    BlockKey pinned = new BlockKey(1, 1, 0);
    BlockKey held = new BlockKey(2, 1, 0);
    BlockKey hot = new BlockKey(3, 1, 0);
    AtomicLong clock = new AtomicLong();
    List<DirSpec> dirs = List.of(new DirSpec(TierKind.SSD, dir, 10 * MIB));
    try (BlockStore store = StoreFixture.open(dirs, Eviction.W_TINYLFU, clock::get)) {
      write(store, pinned, random(PAGE_SIZE_BYTES, 1));
      fill(store, held, 0, random(PAGE_SIZE_BYTES, 2));
      fill(store, hot, 0, random(PAGE_SIZE_BYTES, 3));
      try (Block inUse = store.acquire(held).orElseThrow()) {
        for (int i = 0; i < 30; i++) {
          fill(store, new BlockKey(100 + i, 1, 0), 0, random(PAGE_SIZE_BYTES, i));
          clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
          store.acquire(hot).orElseThrow().release();
          assertThat(store.tiers().get(0).getUsedBytes()).isLessThanOrEqualTo(10 * MIB);
        }
        assertThat(inUse.check(0)).isEqualTo(PageCheck.GOOD);
      }
      assertThat(store.keys()).contains(pinned, held, hot, new BlockKey(129, 1, 0));
      assertThat(store.keys()).doesNotContain(new BlockKey(100, 1, 0));
      assertThat(store.tiers().get(0).getPinnedBytes()).isEqualTo(PAGE_SIZE_BYTES);
    }
  }

  @Test
  void refusesWhenNothingCanBeEvicted() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 8 * MIB)) {
      write(store, KEY, random((int) (7 * MIB), 1));
      BlockKey other = new BlockKey(8, 1, 0);
      assertThatThrownBy(() -> write(store, other, random((int) (2 * MIB), 2)))
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
      store.unpin(KEY);
      write(store, new BlockKey(9, 1, 0), random((int) (2 * MIB), 2));
      assertThat(store.keys()).doesNotContain(KEY);
    }
  }

  @Test
  void aGapTakesRoomWhenItBecomesZeros() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 8 * MIB);
        BlockWrite write = store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
      write(write, 20 * MIB, random(100, 1));
      assertThatThrownBy(() -> write.sync(0))
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
      assertThat(store.tiers().get(0).getUsedBytes()).isLessThanOrEqualTo(8 * MIB);
    }
  }

  @Test
  void writtenBlocksGoToDisksAndCachedOnesToMemory() throws IOException {
    List<DirSpec> dirs =
        List.of(
            new DirSpec(TierKind.MEM, dir.resolve("mem"), 16 * MIB),
            new DirSpec(TierKind.SSD, dir.resolve("ssd"), 16 * MIB));
    try (BlockStore store = StoreFixture.open(dirs)) {
      write(store, KEY, random(100, 1));
      fill(store, new BlockKey(8, 1, 0), 0, random(100, 1));
      assertThat(store.tiers().get(0).getPinnedBytes()).isZero();
      assertThat(store.tiers().get(0).getUsedBytes()).isEqualTo(100);
      assertThat(store.tiers().get(1).getPinnedBytes()).isEqualTo(100);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrittenBlockGoesWhereItsWriterNeedsIt(WriteAck ack) throws IOException {
    DirSpec memory = new DirSpec(TierKind.MEM, dir.resolve("mem"), 16 * MIB);
    DirSpec disk = new DirSpec(TierKind.SSD, dir.resolve("ssd"), 16 * MIB);
    try (BlockStore store = StoreFixture.open(List.of(memory, disk));
        BlockWrite write = store.openForWrite(KEY, 0, ack)) {
      TierKind expected = ack == WriteAck.MEMORY ? TierKind.MEM : TierKind.SSD;
      assertThat(write.block().dir().kind()).isEqualTo(expected);
    }
  }

  @Test
  void whatIsToBeDurableDoesNotGoToMemory() throws IOException {
    try (BlockStore store =
        StoreFixture.open(List.of(new DirSpec(TierKind.MEM, dir.resolve("mem"), 16 * MIB)))) {
      assertThatThrownBy(() -> store.openForWrite(KEY, 0, WriteAck.FSYNC))
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE))
          .hasMessageContaining("disk");
      assertThat(store.keys()).isEmpty();
      store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE).close();
      assertThat(store.keys()).containsExactly(KEY);
    }
  }

  @Test
  void aDirectoryThatFailsIsTakenOutAndTheOthersGoOn() throws IOException {
    Path broken = dir.resolve("broken");
    Files.writeString(broken, "a file where a directory should be");
    List<DirSpec> dirs =
        List.of(
            new DirSpec(TierKind.SSD, broken, 16 * MIB),
            new DirSpec(TierKind.SSD, dir.resolve("good"), 16 * MIB));
    try (BlockStore store = StoreFixture.open(dirs)) {
      assertThat(store.failedDirs()).isEqualTo(1);
      fill(store, KEY, 0, random(100, 1));
      assertThat(store.keys()).containsExactly(KEY);
      assertThat(store.tiers().get(0).getCapacityBytes()).isZero();
    }
  }

  @Test
  void aDirectoryThatFailsWhileInUseLosesItsBlocksOnly() throws IOException {
    Path first = dir.resolve("first");
    List<DirSpec> dirs =
        List.of(
            new DirSpec(TierKind.SSD, first, 16 * MIB),
            new DirSpec(TierKind.HDD, dir.resolve("second"), 16 * MIB));
    try (BlockStore store = StoreFixture.open(dirs)) {
      write(store, KEY, random(100, 1));
      Files.move(first.resolve("blocks"), dir.resolve("away"));
      Files.writeString(first.resolve("blocks"), "not a directory");
      BlockKey other = new BlockKey(8, 1, 0);
      assertThatThrownBy(() -> fill(store, other, 0, random(100, 1)))
          .isInstanceOf(CurvineException.class)
          .hasMessageContaining("failed");
      assertThat(store.failedDirs()).isEqualTo(1);
      assertThat(store.acquire(KEY)).isEmpty();
      assertThat(store.tiers().get(0).getPinnedBytes()).isZero();
      fill(store, other, 0, random(100, 1));
      assertThat(store.keys()).containsExactly(other);
    }
  }

  @Test
  void aDiskThatIsFullTooEarlyIsLeftAloneUntilItHasRoom() throws IOException {
    List<DirSpec> dirs =
        List.of(
            new DirSpec(TierKind.SSD, dir.resolve("first"), 16 * MIB),
            new DirSpec(TierKind.HDD, dir.resolve("second"), 16 * MIB));
    try (BlockStore store = StoreFixture.open(dirs)) {
      write(store, KEY, random(100, 1));
      IOException full =
          store.failed(store.dirs().get(0), new IOException("No space left on device"));
      assertThat(full)
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
      assertThat(store.failedDirs()).isZero();
      write(store, new BlockKey(8, 1, 0), random(200, 2));
      assertThat(store.dirs().get(0).roomBytes()).isNotPositive();
      assertThat(store.tiers().get(1).getUsedBytes()).isEqualTo(200);

      assertThat(store.tiers().get(0).getCapacityBytes()).isEqualTo(16 * MIB); // it has looked
      write(store, new BlockKey(9, 1, 0), random(300, 3));
      assertThat(store.tiers().get(0).getUsedBytes()).isEqualTo(400);
    }
  }

  @Test
  void aDirectoryThatIsAllButFullOfWrittenBlocksIsPassedOver() throws IOException {
    List<DirSpec> dirs =
        List.of(
            new DirSpec(TierKind.SSD, dir.resolve("first"), 8 * MIB),
            new DirSpec(TierKind.HDD, dir.resolve("second"), 16 * MIB));
    try (BlockStore store = StoreFixture.open(dirs)) {
      for (int inode = 0; inode < 12; inode++) {
        write(store, new BlockKey(100 + inode, 1, 0), random(PAGE_SIZE_BYTES, inode));
      }
      assertThat(store.tiers().get(0).getPinnedBytes()).isEqualTo(7L * PAGE_SIZE_BYTES);
      assertThat(store.tiers().get(1).getPinnedBytes()).isEqualTo(5L * PAGE_SIZE_BYTES);
    }
  }

  @Test
  void twoWorkersCannotShareADirectory() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      assertThat(store.keys()).isEmpty();
      assertThatThrownBy(() -> StoreFixture.open(dir, 16 * MIB))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("used by another worker");
    }
  }

  @Test
  void whatIsSyncedCanBeReadWhileItIsWritten() throws IOException {
    List<BlockKey> told = new ArrayList<>();
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      store.listen(
          new StoreListener() {
            @Override
            public void added(BlockKey block) {
              told.add(block);
            }

            @Override
            public void removed(BlockKey block) {
              told.remove(block);
            }
          });
      try (BlockWrite open = store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
        byte[] bytes = random(100, 1);
        open.write(ByteBuffer.wrap(bytes), ChunkSums.of(0, ByteBuffer.wrap(bytes)));
        assertThat(told).isEmpty();
        open.sync(100);
        assertThat(told).containsExactly(KEY);
        assertThat(store.readableKeys()).containsExactly(KEY);
        assertThat(store.sealedKeys()).as("of use to who checks them").isEmpty();
      }
    }
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      assertThat(store.readableKeys()).as("after a restart").containsExactly(KEY);
      store.committed(KEY, false);
      assertThat(store.readableKeys()).as("a replica left behind").isEmpty();
    }
  }

  @Test
  void aBlockThatIsWrittenAnewIsNoReplicaUntilItsWriterSaysSo() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      write(store, KEY, random(100, 1));
      try (BlockWrite open = store.openForWrite(KEY, 100, WriteAck.PAGE_CACHE)) {
        assertThat(store.readableKeys()).as("as it was").containsExactly(KEY);
      }
      try (BlockWrite open = store.openForWrite(KEY, 0, WriteAck.PAGE_CACHE)) {
        assertThat(store.readableKeys()).isEmpty();
      }
    }
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      assertThat(store.keys()).containsExactly(KEY);
      assertThat(store.readableKeys()).as("a copy that was not finished").isEmpty();
    }
  }

  @Test
  void aReplicaLeftBehindIsSetAsideUntilItIsNamedAgain() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB)) {
      write(store, KEY, random(100, 1));
      store.committed(KEY, false);
      assertThat(store.stateOf(KEY)).contains(BlockState.STALE);
      assertThat(store.readableKeys()).isEmpty();
      store.committed(KEY, true);
      assertThat(store.stateOf(KEY)).contains(BlockState.PINNED);
      store.unpin(KEY);
      assertThat(store.dropIfCached(KEY)).isTrue();
      assertThat(store.keysOf(7)).isEmpty();
    }
  }

  @Test
  void whoHoldsADroppedBlockMayReadOn() throws IOException {
    byte[] page = random(PAGE_SIZE_BYTES, 1);
    try (BlockStore store = StoreFixture.open(dir, 16 * MIB);
        Block block = store.acquireForFill(KEY)) {
      block.putPage(0, ByteBuffer.wrap(page));
      store.drop(KEY);
      assertThat(store.acquire(KEY)).isEmpty();
      assertThat(block.check(0)).isEqualTo(PageCheck.GOOD);
      assertThat(read(block, 0, PAGE_SIZE_BYTES)).isEqualTo(page);
      assertThat(store.tiers().get(0).getUsedBytes()).isZero();
    }
  }
}
