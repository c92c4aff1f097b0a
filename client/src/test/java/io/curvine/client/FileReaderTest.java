/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FileReaderTest {
  private static final int MIB = 1 << 20;

  private FakeCluster cluster;
  private byte[] content;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
    cluster.master.blockSizeBytes = 2 * MIB;
    content = random(7 * MIB + 12_345, 1);
    cluster.master.ufsFile("/f", content, "v1");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void readsTheWholeFileInSmallSteps() throws IOException {
    try (CurvineInputStream in = cluster.client().open("/f")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
      assertThat(in.read()).isEqualTo(-1);
      in.seek(content.length - 10);
      assertThat(in.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, content.length - 10, content.length));
    }
  }

  @Test
  void aRandomReaderFetchesOnlyWhatItAsksFor() throws IOException {
    FileReader reader = cluster.client().open(Refs.path("/f"));
    int[] positions = {5 * MIB, 12, 3 * MIB + 77, content.length - 4};
    for (int position : positions) {
      assertRead(reader, position, 4);
    }
    assertThat(reads()).isEqualTo(positions.length);
  }

  @Test
  void readsOverPagesBlocksAndTheEnd() throws IOException {
    FileReader reader = cluster.client().open(Refs.path("/f"));
    assertRead(reader, 2 * MIB - 5, 10);
    assertRead(reader, MIB - 5, 5 * MIB);
    ByteBuffer into = ByteBuffer.allocate(100);
    assertThat(reader.read(content.length - 30, into)).isEqualTo(30);
    assertThat(reader.read(content.length, into)).isEqualTo(-1);
    assertThat(reader.read(content.length + 5L, into)).isEqualTo(-1);
  }

  @Test
  void aSequentialReaderIsReadAheadForAndGivesItsPagesBack() throws IOException {
    CurvineClient client = cluster.client();
    FileReader reader = client.open(Refs.path("/f"));
    for (int at = 0; at < 3 * MIB; at += 128 << 10) {
      assertRead(reader, at, 128 << 10);
    }
    // Whole pages were fetched after the first reads, not each piece.
    assertThat(reads()).isLessThan(12);
    reader.close();
    assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocate(1))).hasMessageContaining("closed");
  }

  @Test
  void wrongBytesOfOneWorkerAreReadFromAnother() throws IOException {
    cluster.worker(1).corrupt = header -> true;
    cluster.worker(2).corrupt = header -> true;
    try (CurvineInputStream in = cluster.client().open("/f")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    assertThat(cluster.worker(3).count(BlockOp.READ)).isPositive();
  }

  @Test
  void wrongBytesOfEveryWorkerAreNotServed() throws IOException {
    cluster.workers.values().forEach(worker -> worker.corrupt = header -> true);
    FileReader reader = cluster.client().open(Refs.path("/f"));
    assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocate(10)))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void deadSilentAndRefusingWorkersArePassedOver() throws IOException {
    cluster.worker(1).close();
    cluster.worker(2).refuse = header -> ErrorCode.FENCED;
    try (CurvineInputStream in = cluster.client().open("/f")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void aConnectionThatBreaksIsMadeAnew() throws IOException {
    AtomicInteger count = new AtomicInteger();
    cluster.workers.values().forEach(w -> w.hangUp = header -> count.incrementAndGet() % 3 == 0);
    FileReader reader = cluster.client().open(Refs.path("/f"));
    for (int at = 0; at < content.length - 1000; at += 300_000) {
      assertRead(reader, at, 1000);
    }
  }

  @Test
  void aFailureOfAllWorkersForAWhileIsWaitedOut() throws IOException {
    AtomicInteger refusals = new AtomicInteger(7);
    cluster
        .workers
        .values()
        .forEach(
            w -> w.refuse = header -> refusals.getAndDecrement() > 0 ? ErrorCode.NOT_READY : null);
    assertRead(cluster.client().open(Refs.path("/f")), 100, 100);
  }

  @Test
  void readsGoOnInTheNewContentWhenTheUnderStoreChanged() throws IOException {
    FileReader reader = cluster.client().open(Refs.path("/f"));
    assertRead(reader, 0, 10);
    content = random(3 * MIB, 2);
    cluster.master.ufsFile("/f", content, "v2");
    assertRead(reader, 5, 1000);
    assertThat(reader.length()).isEqualTo(content.length);
    assertThat(reader.read(5L * MIB, ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(cluster.master.seen)
        .anyMatch(request -> request.getQuery().getGetLayout().getRefresh());
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
    try (CurvineInputStream in = client.open("/sparse")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void manyThreadsReadAtOnce() throws IOException {
    FileReader reader = cluster.client().open(Refs.path("/f"));
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            thread -> {
              Random random = new Random(seed + thread);
              try {
                for (int i = 0; i < 100; i++) {
                  int length = 1 + random.nextInt(200_000);
                  assertRead(reader, random.nextInt(content.length - length), length);
                }
                int step = 100_000;
                for (int at = 0; at + step < content.length; at += step) {
                  assertRead(reader, at, step);
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
  }

  @Test
  void aReaderPastTheCacheSaysSoWithEveryRequest() throws IOException {
    Set<Integer> flags = ConcurrentHashMap.newKeySet();
    for (FakeWorker worker : cluster.workers.values()) {
      worker.refuse =
          header -> {
            flags.add(header.flags() & BlockHeader.FLAG_NO_CACHE);
            return null;
          };
    }
    FileReader reader = cluster.client().open(Refs.path("/f"), new ReadOptions(false));
    for (int at = 0; at < 4 * MIB; at += 256 << 10) {
      assertRead(reader, at, 256 << 10);
    }
    reader.readVectored(List.of(new ReadRange(5L * MIB, ByteBuffer.allocate(100))));
    assertThat(flags).containsExactly(BlockHeader.FLAG_NO_CACHE);
    assertRead(cluster.client().open(Refs.path("/f")), 0, 100);
    assertThat(flags).contains(0);
  }

  @Test
  void freeAsksEveryHolder() throws IOException {
    CurvineClient client = cluster.client();
    cluster.workers.values().forEach(w -> w.refuse = header -> ErrorCode.FILE_BUSY);
    client.free(Refs.path("/f"));
    assertThat(cluster.worker(1).count(BlockOp.FREE)).isZero();
  }

  private void assertRead(FileReader reader, int position, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    assertThat(reader.read(position, into)).isEqualTo(length);
    assertThat(Arrays.equals(into.array(), 0, length, content, position, position + length))
        .as("%d bytes at %d", length, position)
        .isTrue();
  }

  private int reads() {
    return cluster.workers.values().stream().mapToInt(w -> w.count(BlockOp.READ)).sum();
  }

  static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
