/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_SIZE_MAX_BYTES;
import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.Limits.READ_RANGES_MAX;
import static io.curvine.protocol.Limits.REPLICAS_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.proto.BlockRange;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a client sends, the worker answers or closes, and goes on. */
class BadFramesTest {
  private static final int ROUNDS = 20;
  private static final int SCRIPTS_PER_ROUND = 150;
  private static final BlockKey KEY = new BlockKey(1, 1, 0);
  private static final BlockRequestExtra NONE = BlockRequestExtra.getDefaultInstance();

  @TempDir Path dir;

  private record RandomChoices(Random random) implements FrameScript.Choices {
    @Override
    public int below(int bound) {
      return random.nextInt(bound);
    }

    @Override
    public long number() {
      return random.nextLong();
    }

    @Override
    public byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }
  }

  @Test
  void anyFramesInAnyOrder() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (BadClients clients = new BadClients(dir)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SCRIPTS_PER_ROUND; i++) {
          attack(clients, clients.script(new RandomChoices(random)), seed);
        }
        clients.checkWorker();
      }
    }
  }

  @Test
  void anyBytes() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (BadClients clients = new BadClients(dir)) {
      for (int i = 0; i < SCRIPTS_PER_ROUND; i++) {
        byte[] bytes = new byte[random.nextInt(2_000)];
        random.nextBytes(bytes);
        attack(clients, bytes, seed);
      }
      clients.checkWorker();
    }
  }

  private static void assertRefused(RawClient client, ByteBuffer request) throws IOException {
    client.send(request);
    assertThat(client.receive().header().status()).isEqualTo(ErrorCode.INVALID_ARGUMENT_VALUE);
  }

  @Test
  void numbersThatNoBlockCanHaveAreRefused() throws IOException {
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address())) {
      BlockRequestExtra source = node.source("f", new byte[5_000]);
      long max = BLOCK_SIZE_MAX_BYTES;
      assertRefused(client, RawClient.request(BlockOp.READ, 1, KEY, max, 10, source));
      assertRefused(client, RawClient.request(BlockOp.READ, 1, KEY, Long.MAX_VALUE, 10, source));
      assertRefused(client, RawClient.request(BlockOp.READ, 1, KEY, 0, -1, source));
      assertRefused(client, RawClient.request(BlockOp.READ, 1, KEY, 4_990, 20, source));
      BlockRequestExtra before = source.toBuilder().setBlockOffsetInFile(-4_096).build();
      assertRefused(client, RawClient.request(BlockOp.READ, 1, KEY, 0, 10, before));
      client.send(RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, 0, NONE));
      assertThat(client.receive().header().status()).isZero();
      byte[] payload = new byte[100];
      for (long offset : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 50, max - 99, -1}) {
        assertRefused(client, write(offset, payload));
      }
      for (BlockOp op : new BlockOp[] {BlockOp.SYNC, BlockOp.COMMIT, BlockOp.OPEN_WRITE}) {
        assertRefused(client, RawClient.request(op, 1, KEY, 0, max + 1, NONE));
        assertRefused(client, RawClient.request(op, 1, KEY, 0, -1, NONE));
      }
    }
  }

  @Test
  void rangesThatNoReplyCanHaveAreRefused() throws IOException {
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address())) {
      byte[] object = new byte[3 * PAGE_SIZE_BYTES];
      BlockRequestExtra source = node.source("f", object);
      int max = BLOCK_SIZE_MAX_BYTES;
      assertRefused(client, ranges(source, 0));
      assertRefused(client, ranges(source, 10, 0, 10, 50, 0));
      assertRefused(client, ranges(source, 11, 0, 10));
      assertRefused(client, ranges(source, 10, max, 10));
      assertRefused(client, ranges(source, 10, -1, 10));
      assertRefused(client, ranges(source, -1, 0, -1));
      assertRefused(client, ranges(source, 20, 0, 10, object.length - 9, 10));
      assertRefused(client, ranges(source, Long.MIN_VALUE, 0, Integer.MIN_VALUE));
      int[] long8 = {0, 3 * PAGE_SIZE_BYTES, 0, 3 * PAGE_SIZE_BYTES, 0, 3 * PAGE_SIZE_BYTES};
      assertRefused(client, ranges(source, 9L * PAGE_SIZE_BYTES, long8));
      int[] many = new int[2 * (READ_RANGES_MAX + 1)];
      Arrays.fill(many, 1);
      assertRefused(client, ranges(source, READ_RANGES_MAX + 1, many));
      assertThat(node.filler.fetches()).isZero();
    }
  }

  /** A request for the ranges; for each of them offset and length. */
  private static ByteBuffer ranges(BlockRequestExtra source, long length, int... ranges) {
    BlockRequestExtra.Builder extra = source.toBuilder();
    for (int i = 0; i < ranges.length; i += 2) {
      extra.addRanges(BlockRange.newBuilder().setOffset(ranges[i]).setLength(ranges[i + 1]));
    }
    return RawClient.request(BlockOp.READ_RANGES, 1, KEY, 0, length, extra.build());
  }

  private static ByteBuffer write(long offset, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(BlockHeader.BYTES + payload.length);
    int sum = Crc32c.of(ByteBuffer.wrap(payload));
    new BlockHeader(
            BlockOp.WRITE,
            0,
            0,
            1,
            KEY.inode(),
            KEY.version(),
            KEY.index(),
            sum,
            offset,
            0,
            0,
            payload.length)
        .writeTo(frame);
    return frame.put(payload).flip();
  }

  /** One that is refused takes the block's earlier session with it, which is closed too. */
  @Test
  void aPipelineThatCannotBeIsRefused() throws IOException {
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT)) {
      BlockTarget right =
          BlockTarget.newBuilder()
              .setAddress(WorkerAddress.newBuilder().setHost("127.0.0.1").setDataPort(1))
              .build();
      try (RawClient client = new RawClient(node.address())) {
        client.send(RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, 0, NONE));
        assertThat(client.receive().header().status()).isZero();
        BlockRequestExtra nobody =
            BlockRequestExtra.newBuilder().addPipeline(BlockTarget.newBuilder()).build();
        assertRefused(client, RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, 0, nobody));
        BlockRequestExtra.Builder many = BlockRequestExtra.newBuilder();
        Collections.nCopies(REPLICAS_MAX, right).forEach(many::addPipeline);
        assertRefused(client, RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, 0, many.build()));
      }
      node.awaitNothingHeld();
      DataNode.await(
          "no block is held", () -> StoreFixture.openFilesAfterDroppingAll(node.store) == 0);
    }
  }

  private static void attack(BadClients clients, byte[] script, long seed) {
    try {
      clients.attack(script);
    } catch (IOException | AssertionError e) {
      byte[] shown = Arrays.copyOf(script, Math.min(script.length, 20_000));
      throw new AssertionError("seed " + seed + ", " + HexFormat.of().formatHex(shown), e);
    }
  }
}
