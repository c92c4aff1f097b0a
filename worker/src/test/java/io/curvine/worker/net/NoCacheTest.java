/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that leave the cache as it was. */
class NoCacheTest {
  private static final BlockKey KEY = new BlockKey(5, 2, 0);
  private static final BlockRequestExtra NO_UFS = BlockRequestExtra.getDefaultInstance();
  private static final int NO_CACHE = BlockHeader.FLAG_NO_CACHE;

  @TempDir Path dir;

  private final byte[] object = new byte[8 * PAGE_SIZE_BYTES + 777];
  private DataNode node;
  private RawClient client;
  private BlockRequestExtra source;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(object);
    node = new DataNode(dir, DataNode.TIMEOUT, 4L * PAGE_SIZE_BYTES);
    source = node.source("f", object);
    client = new RawClient(node.address());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.awaitNothingHeld();
    node.close();
  }

  private static List<int[]> ranges(int... numbers) {
    List<int[]> ranges = new ArrayList<>();
    for (int i = 0; i < numbers.length; i += 2) {
      ranges.add(new int[] {numbers[i], numbers[i + 1]});
    }
    return ranges;
  }

  private void assertRead(int flags, List<int[]> ranges) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ranges.forEach(range -> expected.write(object, range[0], range[1]));
    assertThat(client.readRanges(KEY, ranges, flags, source)).isEqualTo(expected.toByteArray());
  }

  @Test
  void nothingIsKeptOfWhatIsFetchedAndNoMoreThanWantedIs() throws IOException {
    List<TierUsage> before = node.store.tiers();
    assertRead(NO_CACHE, ranges(5, 1_000, 3 * PAGE_SIZE_BYTES - 10, 20));
    assertRead(NO_CACHE, ranges(5, 1_000));
    assertThat(node.filler.fetchedBytes()).isEqualTo(2_020);
    assertThat(node.store.keys()).isEmpty();
    assertThat(node.store.tiers()).isEqualTo(before);
  }

  @Test
  void whatIsCachedIsUsedAndStays() throws IOException {
    assertRead(0, ranges(PAGE_SIZE_BYTES, 10, 3 * PAGE_SIZE_BYTES, 10));
    List<TierUsage> before = node.store.tiers();
    long fetched = node.filler.fetchedBytes();
    assertRead(NO_CACHE, ranges(PAGE_SIZE_BYTES + 7, 500, 3 * PAGE_SIZE_BYTES, 99));
    assertThat(node.filler.fetchedBytes()).as("all was there").isEqualTo(fetched);
    // Pages 0, 2 and 4 are missing.
    assertRead(NO_CACHE, ranges(100, 4 * PAGE_SIZE_BYTES, 2 * PAGE_SIZE_BYTES, PAGE_SIZE_BYTES));
    assertThat(node.filler.fetchedBytes()).isEqualTo(fetched + 3L * PAGE_SIZE_BYTES);
    assertThat(node.store.tiers()).isEqualTo(before);
  }

  @Test
  void aScanOfMoreThanTheCacheHoldsEvictsNothing() throws IOException {
    assertRead(0, ranges(0, PAGE_SIZE_BYTES));
    List<TierUsage> before = node.store.tiers();
    for (int at = 0; at + PAGE_SIZE_BYTES <= object.length; at += PAGE_SIZE_BYTES / 2) {
      assertRead(NO_CACHE, ranges(at, PAGE_SIZE_BYTES));
    }
    assertThat(node.store.tiers()).isEqualTo(before);
  }

  @Test
  void whatTheUfsDoesNotHaveIsRefusedOrReadFromTheBlock() throws IOException {
    client.send(RawClient.request(BlockOp.READ, 1, KEY, 0, 10, NO_UFS).putShort(6, (short) 16));
    assertThat(client.receive().header().status()).isEqualTo(ErrorCode.BLOCK_NOT_FOUND_VALUE);
    client.send(
        RawClient.request(BlockOp.READ, 1, KEY, object.length - 5, 6, source)
            .putShort(6, (short) 16));
    assertThat(client.receive().header().status()).isEqualTo(ErrorCode.INVALID_ARGUMENT_VALUE);
    StoreFixture.write(node.store, KEY, Arrays.copyOf(object, 2 * PAGE_SIZE_BYTES));
    source = NO_UFS;
    assertRead(NO_CACHE, ranges(70, 100_000));
    assertThat(node.filler.fetches()).isZero();
  }
}
