/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.fill;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.MemoryUfs;
import io.curvine.worker.MemoryUfs.Opened;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFillerTest {
  private static final int MIB = 1 << 20;
  private static final long BLOCK_OFFSET = 2 * MIB;

  @TempDir Path dir;

  private final MemoryUfs ufs = new MemoryUfs();
  private final byte[] object = new byte[22 * MIB + 77];
  private final CountDownLatch opening = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private BlockStore store;
  private PageFiller filler;
  private FillSource source;

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(object);
    store = StoreFixture.open(dir, 64L * MIB);
    filler = new PageFiller(mount -> ufs, 1, 8 * MIB);
    source =
        new FillSource(
            1,
            "a/b",
            ufs.put("a/b", object),
            BLOCK_OFFSET,
            object.length - BLOCK_OFFSET,
            CachePolicy.getDefaultInstance());
  }

  @AfterEach
  void close() throws IOException {
    gate.countDown();
    filler.close();
    store.close();
  }

  private Block block() throws IOException {
    return store.acquireForFill(new BlockKey(1, 1, 0));
  }

  private void holdTheFirstOpen() {
    ufs.beforeOpen(
        () -> {
          opening.countDown();
          try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void fetchesAPageOnceHoweverManyWait() throws Exception {
    holdTheFirstOpen();
    try (Block block = block()) {
      List<CompletableFuture<Void>> waiting = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        waiting.add(filler.fill(block, List.of(3), source));
      }
      assertThat(opening.await(20, TimeUnit.SECONDS)).isTrue();
      waiting.add(filler.fill(block, List.of(3), source));
      gate.countDown();
      CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
      assertThat(ufs.opened()).containsExactly(new Opened("a/b", BLOCK_OFFSET + 3 * MIB, MIB));
    }
  }

  @Test
  void fetchesNeighboursThatWaitInOneRange() throws Exception {
    holdTheFirstOpen();
    try (Block block = block()) {
      List<CompletableFuture<Void>> waiting = new ArrayList<>();
      waiting.add(filler.fill(block, List.of(0), source));
      assertThat(opening.await(20, TimeUnit.SECONDS)).isTrue();
      for (int page = 12; page > 1; page--) {
        waiting.add(filler.fill(block, List.of(page), source));
      }
      gate.countDown();
      CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
      assertThat(ufs.opened())
          .containsExactly(
              new Opened("a/b", BLOCK_OFFSET, MIB),
              new Opened("a/b", BLOCK_OFFSET + 2 * MIB, 8 * MIB),
              new Opened("a/b", BLOCK_OFFSET + 10 * MIB, 3 * MIB));
    }
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotFetched() throws Exception {
    holdTheFirstOpen();
    AtomicBoolean gone = new AtomicBoolean();
    try (Block block = block()) {
      CompletableFuture<Void> first = filler.fill(block, List.of(0), source);
      assertThat(opening.await(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Void> abandoned =
          filler.fill(block, List.of(2, 3, 5), source, () -> !gone.get());
      CompletableFuture<Void> shared = filler.fill(block, List.of(3), source);
      CompletableFuture<byte[]> aside = filler.readAside(source, 7 * MIB, 100, () -> !gone.get());
      gone.set(true);
      gate.countDown();
      CompletableFuture.allOf(first, shared).get(20, TimeUnit.SECONDS);
      assertFailsWith(ErrorCode.BUSY, abandoned);
      assertFailsWith(ErrorCode.BUSY, aside);
      assertThat(ufs.opened())
          .containsExactly(
              new Opened("a/b", BLOCK_OFFSET, MIB), new Opened("a/b", BLOCK_OFFSET + 3 * MIB, MIB));
      filler.fill(block, List.of(2, 5), source).get(20, TimeUnit.SECONDS);
      assertThat(block.has(2L * MIB, 2L * MIB)).isTrue();
    }
  }

  private static void assertFailsWith(ErrorCode code, CompletableFuture<?> answer) {
    assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(CurvineException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theLastPageEndsWhereTheObjectDoes() throws Exception {
    try (Block block = block()) {
      filler.fill(block, List.of(20), source).get(20, TimeUnit.SECONDS);
      assertThat(block.pageLength(20)).isEqualTo(77);
    }
    assertThat(PAGE_SIZE_BYTES).isEqualTo(MIB);
  }

  @Test
  void failuresKeepTheirCodeAndTheNextAttemptIsNew() throws Exception {
    try (Block block = block()) {
      ufs.failWith(ErrorCode.UFS_UNREACHABLE);
      assertThatThrownBy(() -> filler.fill(block, List.of(0), source).get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_UNREACHABLE));
      ufs.failWith(null);
      filler.fill(block, List.of(0), source).get(20, TimeUnit.SECONDS);
      assertThat(block.pageLength(0)).isEqualTo(MIB);
    }
  }
}
