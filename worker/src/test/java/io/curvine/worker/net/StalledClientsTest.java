/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.worker.net.RawClient.Answer;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask and do not take the answers, beside others that do. */
class StalledClientsTest {
  private static final int STALLED = 100;
  private static final int READERS = 900;
  private static final int READER_THREADS = 9;
  private static final int ROUNDS = 3;
  private static final int REQUESTS = 400;
  private static final int SMALL_WINDOW_BYTES = 8 << 10;

  /** Copied as a whole: it is made of no whole chunks worth sending from the file. */
  private static final int STALLED_READ_BYTES = 70_000;

  private static final int READ_BYTES = 30_000;

  /** Of one that is stalled: its answers, and requests that have come and were not begun. */
  private static final long STALLED_MAX_BYTES = ReplyMemory.CONNECTION_MAX_BYTES + (128 << 10);

  /** Receive buffers of the event loops. */
  private static final long LOOPS_MAX_BYTES = 4 << 20;

  private static final BlockKey KEY = new BlockKey(5, 2, 0);
  private static final BlockRequestExtra NONE = BlockRequestExtra.getDefaultInstance();

  @TempDir Path dir;

  private final byte[] object = new byte[8 * PAGE_SIZE_BYTES];

  private DataNode node(Duration stallTimeout) throws IOException {
    new Random(1).nextBytes(object);
    DataNode node = new DataNode(dir, stallTimeout);
    BlockRequestExtra source = node.source("f", object);
    try (RawClient first = new RawClient(node.address())) {
      for (int at = 0; at < object.length; at += PAGE_SIZE_BYTES) {
        first.read(KEY, at, PAGE_SIZE_BYTES, source);
      }
    }
    node.awaitConnections(0);
    return node;
  }

  /** Asks for more than all buffers on the way can take. */
  private static RawClient stalled(DataNode node) throws IOException {
    RawClient client = new RawClient(node.address(), SMALL_WINDOW_BYTES);
    ByteBuffer requests = ByteBuffer.allocate(REQUESTS * BlockHeader.BYTES);
    for (int id = 0; id < REQUESTS; id++) {
      requests.put(
          RawClient.request(BlockOp.READ, id, KEY, 1 + id * 1_001L, STALLED_READ_BYTES, NONE));
    }
    client.send(requests.flip());
    return client;
  }

  private static void close(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void othersAreServedAndWhatTheStalledHoldIsBounded() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READER_THREADS);
    List<RawClient> stalled = new ArrayList<>();
    try (DataNode node = node(DataNode.TIMEOUT)) {
      long heapBefore = heapBytes();
      for (int i = 0; i < STALLED; i++) {
        stalled.add(stalled(node));
      }
      long full = STALLED * (ReplyMemory.CONNECTION_MAX_BYTES - STALLED_READ_BYTES);
      DataNode.await("the others stall", () -> node.server.heldReplyBytes() >= full);
      List<Future<?>> reading = new ArrayList<>();
      for (int i = 0; i < READER_THREADS; i++) {
        long seed = i;
        reading.add(threads.submit(() -> readAll(node, new Random(seed))));
      }
      long max = STALLED * STALLED_MAX_BYTES + READERS * (long) READ_BYTES + LOOPS_MAX_BYTES;
      while (!reading.stream().allMatch(Future::isDone)) {
        assertThat(node.heldBytes()).isLessThanOrEqualTo(max);
        Thread.onSpinWait();
      }
      for (Future<?> each : reading) {
        each.get();
      }
      assertThat(heapBytes() - heapBefore).isLessThan(STALLED * STALLED_MAX_BYTES);
      close(stalled);
      node.awaitConnections(0);
      node.awaitNothingHeld();
      DataNode.await(
          "no block is held", () -> StoreFixture.openFilesAfterDroppingAll(node.store) == 0);
    } finally {
      threads.shutdownNow();
      close(stalled);
    }
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** A share of the readers: each has a read in flight, and gets what it asked for. */
  private Void readAll(DataNode node, Random random) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < READERS / READER_THREADS; i++) {
        clients.add(new RawClient(node.address()));
      }
      for (int round = 0; round < ROUNDS; round++) {
        int[] offsets = random.ints(clients.size(), 0, object.length - READ_BYTES).toArray();
        for (int i = 0; i < offsets.length; i++) {
          clients
              .get(i)
              .send(RawClient.request(BlockOp.READ, round, KEY, offsets[i], READ_BYTES, NONE));
        }
        for (int i = 0; i < offsets.length; i++) {
          assertIs(clients.get(i).receive(), offsets[i], READ_BYTES);
        }
      }
    } finally {
      close(clients);
    }
    return null;
  }

  private void assertIs(Answer answer, int offset, int length) {
    assertThat(answer.header().status()).as(answer::message).isZero();
    assertThat(Crc32c.of(ByteBuffer.wrap(answer.payload()))).isEqualTo(answer.header().crc32c());
    assertThat(Arrays.equals(object, offset, offset + length, answer.payload(), 0, length))
        .isTrue();
  }

  @Test
  void ofALongAnswerOnlyTheEndsAreHeld() throws IOException {
    try (DataNode node = node(DataNode.TIMEOUT);
        RawClient client = new RawClient(node.address(), SMALL_WINDOW_BYTES)) {
      int length = 5 * PAGE_SIZE_BYTES - 777;
      for (int id = 0; id < 20; id++) {
        client.send(RawClient.request(BlockOp.READ, id, KEY, 1 + id, length, NONE));
      }
      DataNode.await("it stalls", () -> node.server.heldReplyBytes() > 0);
      for (int i = 0; i < 20; i++) {
        assertThat(node.server.heldReplyBytes()).isLessThanOrEqualTo(20L * 2 * CHUNK_BYTES);
        Answer answer = client.receive();
        assertIs(answer, 1 + (int) answer.header().requestId(), length);
      }
    }
  }

  @Test
  void oneWhoTakesTheAnswersLateGetsThemAll() throws IOException {
    try (DataNode node = node(DataNode.TIMEOUT);
        RawClient late = stalled(node)) {
      long full = ReplyMemory.CONNECTION_MAX_BYTES - STALLED_READ_BYTES;
      DataNode.await("it stalls", () -> node.server.heldReplyBytes() >= full);
      boolean[] seen = new boolean[REQUESTS];
      for (int i = 0; i < REQUESTS; i++) {
        Answer answer = late.receive();
        int id = (int) answer.header().requestId();
        assertThat(seen[id]).isFalse();
        seen[id] = true;
        assertIs(answer, 1 + id * 1_001, STALLED_READ_BYTES);
      }
    }
  }

  @Test
  void whoTakesOrSendsNothingMoreIsCutOffAndWhoWaitsIsNot() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (DataNode node = node(Duration.ofMillis(200));
        RawClient idle = new RawClient(node.address());
        RawClient waits = new RawClient(node.address());
        RawClient half = new RawClient(node.address());
        RawClient stalled = stalled(node)) {
      byte[] other = Arrays.copyOf(object, 5_000);
      BlockRequestExtra source = node.source("slow", other);
      node.ufs.beforeOpen(() -> pass(gate));
      BlockKey slow = new BlockKey(6, 1, 0);
      waits.send(RawClient.request(BlockOp.READ, 1, slow, 0, other.length, source));
      half.send(new byte[] {(byte) 0xC5, 0x7E, 1});
      half.awaitClosed();
      node.awaitConnections(2);
      DataNode.await("the stalled one's", () -> node.server.heldReplyBytes() == 0);
      gate.countDown();
      assertThat(waits.receive().payload()).isEqualTo(other);
      assertThat(idle.read(KEY, 3, 5, NONE)).isEqualTo(Arrays.copyOfRange(object, 3, 8));
      stalled.awaitClosed();
    } finally {
      gate.countDown();
    }
  }

  static void pass(CountDownLatch gate) {
    try {
      assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWriterThatStopsHoldsItsBlockAndNoMore() throws IOException {
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT)) {
      RawClient writer = new RawClient(node.address());
      writer.send(RawClient.request(BlockOp.OPEN_WRITE, 1, KEY, 0, 0, NONE));
      assertThat(writer.receive().header().status()).isZero();
      ByteBuffer head = ByteBuffer.allocate(BlockHeader.BYTES + 100);
      new BlockHeader(
              BlockOp.WRITE,
              0,
              0,
              2,
              KEY.inode(),
              KEY.version(),
              KEY.index(),
              0,
              0,
              0,
              0,
              BlockHeader.MAX_PAYLOAD_BYTES)
          .writeTo(head);
      writer.send(head.array());
      DataNode.await("it has come", () -> node.heldBytes() > 0);
      assertThat(node.heldBytes()).isLessThanOrEqualTo(STALLED_MAX_BYTES);
      assertThat(StoreFixture.beingWritten(node.store)).containsExactly(KEY);
      writer.close();
      node.awaitNothingHeld();
    }
  }
}
