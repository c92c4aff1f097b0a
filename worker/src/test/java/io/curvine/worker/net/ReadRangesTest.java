/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_FRAME_PAYLOAD_MAX_BYTES;
import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.Limits.READ_RANGES_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many ranges of a block in one request. */
class ReadRangesTest {
  private static final BlockKey KEY = new BlockKey(5, 2, 0);
  private static final BlockRequestExtra NO_UFS = BlockRequestExtra.getDefaultInstance();

  @TempDir Path dir;

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] expected(byte[] object, List<int[]> ranges) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ranges.forEach(range -> all.write(object, range[0], range[1]));
    return all.toByteArray();
  }

  /** Short, long, whole chunks, overlapping: whatever fits into one reply. */
  private static List<int[]> anyRanges(Random random, int objectBytes) {
    List<int[]> ranges = new ArrayList<>();
    int left = BLOCK_FRAME_PAYLOAD_MAX_BYTES;
    int count = 1 + random.nextInt(READ_RANGES_MAX);
    for (int i = 0; i < count; i++) {
      boolean chunks = random.nextInt(3) == 0;
      int unit = chunks ? BlockFileFormat.CHUNK_BYTES : 1;
      int from = random.nextInt(objectBytes - 1) / unit * unit;
      int longest = random.nextInt(10) == 0 ? 2 * PAGE_SIZE_BYTES : 20_000;
      int length = (1 + random.nextInt(longest) / unit) * unit;
      length = Math.min(length, objectBytes - from);
      if (length <= left) {
        ranges.add(new int[] {from, length});
        left -= length;
      }
    }
    return ranges;
  }

  @Test
  void anyRangesComeInTheOrderInWhichTheyAreNamed() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] object = random(9 * PAGE_SIZE_BYTES + 777, seed);
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address())) {
      BlockRequestExtra source = node.source("f", object);
      for (int i = 0; i < 200; i++) {
        if (random.nextInt(20) == 0) {
          node.store.drop(KEY); // and what is missing is filled
        }
        List<int[]> ranges = anyRanges(random, object.length);
        int flags = random.nextInt(10) == 0 ? BlockHeader.FLAG_CHECK : 0;
        assertThat(client.readRanges(KEY, ranges, flags, source))
            .as("seed %d, request %d", seed, i)
            .isEqualTo(expected(object, ranges));
      }
      client.close();
      node.awaitNothingHeld();
    }
  }

  @Test
  void pagesOfAllRangesAreFilledAtOnceAndOnlyThese() throws IOException {
    byte[] object = random(8 * PAGE_SIZE_BYTES, 1);
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address())) {
      BlockRequestExtra source = node.source("f", object);
      List<int[]> ranges = new ArrayList<>();
      for (int page = 0; page < 8; page += 2) {
        ranges.add(new int[] {page * PAGE_SIZE_BYTES + 100, 10});
        ranges.add(new int[] {page * PAGE_SIZE_BYTES + 50_000, 10});
      }
      assertThat(client.readRanges(KEY, ranges, 0, source)).isEqualTo(expected(object, ranges));
      assertThat(node.filler.fetches()).isEqualTo(4);
      assertThat(node.filler.fetchedBytes()).isEqualTo(4L * PAGE_SIZE_BYTES);
    }
  }

  @Test
  void whatIsBeingWrittenIsReadAsFarAsItIsThere() throws IOException {
    byte[] content = random(100_000, 2);
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address())) {
      StoreFixture.write(node.store, KEY, content);
      client.send(RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, content.length, NO_UFS));
      assertThat(client.receive().header().status()).isZero();
      List<int[]> ranges = List.of(new int[] {70_000, 30_000}, new int[] {5, 1_000});
      assertThat(client.readRanges(KEY, ranges, 0, NO_UFS)).isEqualTo(expected(content, ranges));
    }
  }

  @Test
  void aFullCacheIsReadPast() throws IOException {
    byte[] object = random(6 * PAGE_SIZE_BYTES, 3);
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT, PAGE_SIZE_BYTES / 2);
        RawClient client = new RawClient(node.address())) {
      List<int[]> ranges =
          List.of(new int[] {5 * PAGE_SIZE_BYTES, 1_000}, new int[] {77, 2 * PAGE_SIZE_BYTES});
      assertThat(client.readRanges(KEY, ranges, 0, node.source("f", object)))
          .isEqualTo(expected(object, ranges));
      client.close();
      node.awaitNothingHeld();
    }
  }

  @Test
  void aBitThatFlippedIsFilledAnewNotServed() throws IOException {
    byte[] object = random(2 * PAGE_SIZE_BYTES, 4);
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address())) {
      BlockRequestExtra source = node.source("f", object);
      List<int[]> ranges = List.of(new int[] {1_000, 500}, new int[] {PAGE_SIZE_BYTES + 9, 500});
      assertThat(client.readRanges(KEY, ranges, 0, source)).isEqualTo(expected(object, ranges));
      try (FileChannel file =
          FileChannel.open(StoreFixture.file(dir, KEY), StandardOpenOption.WRITE)) {
        ByteBuffer wrong = ByteBuffer.wrap(new byte[] {(byte) (object[1_100] ^ 1)});
        file.write(wrong, BlockFileFormat.dataAt(1_100));
      }
      assertThat(client.readRanges(KEY, ranges, 0, source)).isEqualTo(expected(object, ranges));
      assertThat(node.store.corruptPages()).isEqualTo(1);
    }
  }
}
