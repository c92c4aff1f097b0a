/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VectoredReadTest {
  private static final int MIB = 1 << 20;

  private FakeCluster cluster;
  private byte[] content;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
    cluster.master.blockSizeBytes = 2 * MIB;
    content = FileReaderTest.random(7 * MIB + 12_345, 1);
    cluster.master.ufsFile("/f", content, "v1");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private FileReader reader() throws IOException {
    return cluster.client().open(Refs.path("/f"));
  }

  private static ReadRange range(long position, int length) {
    return new ReadRange(position, ByteBuffer.allocate(length));
  }

  private void assertFilled(String what, List<ReadRange> ranges, List<Integer> starts) {
    for (int i = 0; i < ranges.size(); i++) {
      ByteBuffer into = ranges.get(i).into();
      assertThat(into.hasRemaining()).as(what).isFalse();
      ByteBuffer bytes = into.duplicate().position(starts.get(i));
      int length = bytes.remaining();
      ByteBuffer right = ByteBuffer.wrap(content, (int) ranges.get(i).position(), length);
      assertThat(bytes.equals(right))
          .as("%s: %d bytes at %d", what, length, ranges.get(i).position())
          .isTrue();
    }
  }

  private void assertRead(String what, FileReader reader, List<ReadRange> ranges)
      throws IOException {
    List<Integer> starts = ranges.stream().map(range -> range.into().position()).toList();
    reader.readVectored(ranges);
    assertFilled(what, ranges, starts);
  }

  private int count(BlockOp op) {
    return cluster.workers.values().stream().mapToInt(w -> w.count(op)).sum();
  }

  private int rangesSeen() {
    return cluster.workers.values().stream().mapToInt(w -> w.rangesSeen.get()).sum();
  }

  @Test
  void rangesOfABlockAreOneRequest() throws IOException {
    List<ReadRange> ranges = new ArrayList<>();
    for (int i = 15; i >= 0; i--) {
      ranges.add(range(100_000L * i + 7, 4096));
    }
    assertRead("sixteen", reader(), ranges);
    assertThat(count(BlockOp.READ_RANGES)).isEqualTo(1);
    assertThat(rangesSeen()).isEqualTo(16);
    assertThat(count(BlockOp.READ)).isZero();
  }

  @Test
  void neighboursAndWhatOverlapsAreFetchedOnce() throws IOException {
    List<ReadRange> ranges =
        List.of(range(1_000, 500), range(6_000, 4_000), range(7_000, 10), range(9_000, 20_000));
    assertRead("neighbours", reader(), ranges);
    assertThat(rangesSeen()).isEqualTo(1);
  }

  @Test
  void longRangesAndManyGoInSeveralRequests() throws IOException {
    List<ReadRange> ranges = new ArrayList<>(List.of(range(17, 5 * MIB), range(0, content.length)));
    for (int i = 0; i < 300; i++) {
      ranges.add(range(20_000L * i, 3));
    }
    assertRead("many", reader(), ranges);
    assertThat(count(BlockOp.READ)).isZero();
  }

  /** Any ranges with any buffers, of workers that fail in any way, beside the plain array. */
  @Test
  void anyRangesOfAnyWorkers() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    AtomicInteger requests = new AtomicInteger();
    for (FakeWorker worker : cluster.workers.values()) {
      worker.refuse = h -> requests.incrementAndGet() % 17 == 0 ? ErrorCode.NOT_READY : null;
      worker.corrupt = h -> requests.incrementAndGet() % 19 == 0;
      worker.hangUp = h -> requests.incrementAndGet() % 23 == 0;
    }
    FileReader reader = reader();
    for (int round = 0; round < 60; round++) {
      if (round == 40) {
        cluster.worker(1).close();
      }
      List<ReadRange> ranges = new ArrayList<>();
      int longest = random.nextInt(4) == 0 ? 3 * MIB : 30_000;
      for (int i = random.nextInt(40); i >= 0; i--) {
        int position = random.nextInt(content.length);
        int length = Math.min(random.nextInt(longest), content.length - position);
        ranges.add(new ReadRange(position, buffer(random, length)));
      }
      assertRead("seed " + seed + ", round " + round, reader, ranges);
    }
  }

  /** On the heap or not, and a part of a longer one. */
  private static ByteBuffer buffer(Random random, int length) {
    int before = random.nextInt(3);
    int whole = before + length + random.nextInt(3);
    ByteBuffer buffer =
        random.nextBoolean() ? ByteBuffer.allocate(whole) : ByteBuffer.allocateDirect(whole);
    return buffer.position(before).limit(before + length);
  }

  @Test
  void whatOneWorkerDoesNotAnswerIsAskedOfAnother() throws IOException {
    cluster.worker(1).hangUp = header -> header.op() == BlockOp.READ_RANGES;
    assertRead("closed", reader(), List.of(range(5, 100), range(3L * MIB, 100)));
    assertThat(cluster.worker(1).count(BlockOp.READ_RANGES)).isPositive();
    assertThat(rangesSeen()).isEqualTo(2);
    assertThat(count(BlockOp.READ)).isZero();
  }

  @Test
  void wrongBytesOfAllWorkersAreNotServed() throws IOException {
    cluster.workers.values().forEach(worker -> worker.corrupt = header -> true);
    FileReader reader = reader();
    ReadRange range = range(0, 10);
    assertThatThrownBy(() -> reader.readVectored(List.of(range)))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    assertThat(range.into().position()).isZero();
  }

  @Test
  void zerosArePastTheValidBytes() throws IOException {
    CurvineClient client = cluster.client();
    try (FileWriter writer = client.create(Refs.path("/sparse"), CreateOptions.defaults())) {
      writer.write(3, ByteBuffer.wrap(new byte[] {9}));
      writer.write(5L * MIB, ByteBuffer.wrap(new byte[] {8}));
      writer.truncate(6L * MIB);
    }
    content = new byte[6 * MIB];
    content[3] = 9;
    content[5 * MIB] = 8;
    FileReader reader = client.open(Refs.path("/sparse"));
    assertRead("sparse", reader, List.of(range(0, 6 * MIB), range(2, 50), range(5L * MIB - 1, 5)));
  }

  @Test
  void newContentIsReadWhereTheUnderStoreChanged() throws IOException {
    FileReader reader = reader();
    assertRead("old", reader, List.of(range(1, 10)));
    content = FileReaderTest.random(3 * MIB, 2);
    cluster.master.ufsFile("/f", content, "v2");
    assertRead("new", reader, List.of(range(5, 1000), range(2L * MIB, 1000)));
    assertThatThrownBy(() -> reader.readVectored(List.of(range(5L * MIB, 1))))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void rangesThatCannotBeAreNamed() throws IOException {
    FileReader reader = reader();
    reader.readVectored(List.of());
    assertRead("empty", reader, List.of(range(content.length, 0)));
    int before = count(BlockOp.READ_RANGES);
    ReadRange good = range(0, 10);
    assertThatThrownBy(() -> reader.readVectored(List.of(good, range(content.length - 5, 6))))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("6 bytes at " + (content.length - 5));
    assertThatThrownBy(() -> reader.readVectored(List.of(good, range(-1, 6))))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("position is -1");
    assertThatThrownBy(() -> reader.readVectored(List.of(good, range(Long.MAX_VALUE, 6))))
        .isInstanceOf(EOFException.class);
    ReadRange readOnly = new ReadRange(9, ByteBuffer.allocate(4).asReadOnlyBuffer());
    assertThatThrownBy(() -> reader.readVectored(List.of(good, readOnly)))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining("read-only");
    assertThat(count(BlockOp.READ_RANGES)).isEqualTo(before);
    assertThat(good.into().position()).isZero();
    reader.close();
    assertThatThrownBy(() -> reader.readVectored(List.of(good))).hasMessageContaining("closed");
  }
}
