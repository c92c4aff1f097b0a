/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.net.RawClient.Answer;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A UFS that fails in the middle of a fill: no byte of it stays, and the next read is a new one.
 */
class UfsFaultsTest {
  private static final BlockKey KEY = new BlockKey(5, 2, 0);
  private static final BlockRequestExtra NONE = BlockRequestExtra.getDefaultInstance();
  private static final int HALF = PAGE_SIZE_BYTES / 2;

  /** Nothing fits beside it. */
  private static final byte[] FULL = new byte[(64 << 20) - 500_000];

  @TempDir Path dir;

  /** What goes wrong, and what a reader hears of it. */
  enum Fault {
    REFUSES(ErrorCode.UFS_UNREACHABLE),
    BREAKS_OFF(ErrorCode.UFS_UNREACHABLE),
    CHANGES(ErrorCode.UFS_CHANGED),
    TRUNCATES(ErrorCode.UFS_ERROR),
    GIVES_NOTHING(ErrorCode.UFS_ERROR),
    GIVES_TOO_MUCH(ErrorCode.UFS_ERROR),
    HAS_A_BUG(ErrorCode.UFS_ERROR);

    final ErrorCode code;

    Fault(ErrorCode code) {
      this.code = code;
    }

    InputStream apply(InputStream in) {
      return switch (this) {
        case REFUSES -> failing(in, 0, code);
        case BREAKS_OFF, CHANGES -> failing(in, HALF, code);
        case TRUNCATES -> new ByteArrayInputStream(firstBytes(in, HALF));
        case GIVES_NOTHING -> new ByteArrayInputStream(new byte[0]);
        case GIVES_TOO_MUCH -> new SequenceInputStream(in, new ByteArrayInputStream(new byte[1]));
        case HAS_A_BUG -> failing(in, HALF, null);
      };
    }

    private static byte[] firstBytes(InputStream in, int count) {
      try {
        return in.readNBytes(count);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** Gives so many bytes, and then fails; without a code by a bug. */
    private static InputStream failing(InputStream in, int after, ErrorCode code) {
      InputStream end =
          new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
              if (code == null) {
                throw new IllegalStateException("a bug of a provider");
              }
              throw new CurvineException(code, "told to fail");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
              return read();
            }
          };
      return new SequenceInputStream(new ByteArrayInputStream(firstBytes(in, after)), end);
    }
  }

  private static byte[] object() {
    byte[] object = new byte[3 * PAGE_SIZE_BYTES + 99];
    new Random(1).nextBytes(object);
    return object;
  }

  private static Answer ask(RawClient client, long offset, int length, BlockRequestExtra source)
      throws IOException {
    client.send(RawClient.request(BlockOp.READ, 1, KEY, offset, length, source));
    return client.receive();
  }

  private static void assertNothingLeft(DataNode node) {
    node.awaitNothingHeld();
    DataNode.await(
        "no block is held", () -> StoreFixture.openFilesAfterDroppingAll(node.store) == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aFailedFillLeavesNothingBehind(Fault fault) throws IOException {
    byte[] object = object();
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT)) {
      BlockRequestExtra source = node.source("f", object);
      try (RawClient client = new RawClient(node.address())) {
        byte[] before = client.read(KEY, 0, PAGE_SIZE_BYTES, source);
        node.ufs.streams(fault::apply);
        Answer failed = ask(client, 100, 2 * PAGE_SIZE_BYTES, source);
        assertThat(failed.header().status()).isEqualTo(fault.code.getNumber());
        assertThat(client.read(KEY, 0, PAGE_SIZE_BYTES, NONE)).isEqualTo(before);
        for (int page = 1; page < 4; page++) {
          Answer missing = ask(client, (long) page * PAGE_SIZE_BYTES, 99, NONE);
          assertThat(missing.header().status()).isEqualTo(ErrorCode.BLOCK_NOT_FOUND_VALUE);
        }
        node.ufs.streams(UnaryOperator.identity());
        assertThat(client.read(KEY, 0, object.length, source)).isEqualTo(object);
      }
      assertNothingLeft(node);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BREAKS_OFF", "CHANGES", "HAS_A_BUG"})
  void soDoesOneThatDoesNotFitTheCache(Fault fault) throws IOException {
    byte[] object = object();
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT)) {
      StoreFixture.write(node.store, new BlockKey(99, 1, 0), FULL);
      BlockRequestExtra source = node.source("f", object);
      try (RawClient client = new RawClient(node.address())) {
        AtomicInteger opened = new AtomicInteger();
        node.ufs.streams(in -> opened.incrementAndGet() == 1 ? in : fault.apply(in));
        Answer failed = ask(client, 100, PAGE_SIZE_BYTES, source);
        assertThat(failed.header().status()).isEqualTo(fault.code.getNumber());
        node.ufs.streams(UnaryOperator.identity());
        assertThat(client.read(KEY, 100, PAGE_SIZE_BYTES, source))
            .isEqualTo(Arrays.copyOfRange(object, 100, 100 + PAGE_SIZE_BYTES));
        Answer past = ask(client, object.length - 10, 20, source);
        assertThat(past.header().status()).isEqualTo(ErrorCode.INVALID_ARGUMENT_VALUE);
      }
      assertNothingLeft(node);
    }
  }

  @Test
  void whileItStallsWhatIsCachedIsServedAndThoseWhoWaitHearTheSame() throws IOException {
    byte[] object = object();
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch stalling = new CountDownLatch(1);
    try (DataNode node = new DataNode(dir, DataNode.TIMEOUT)) {
      BlockRequestExtra source = node.source("f", object);
      try (RawClient first = new RawClient(node.address());
          RawClient second = new RawClient(node.address());
          RawClient third = new RawClient(node.address())) {
        byte[] cached = third.read(KEY, 0, PAGE_SIZE_BYTES, source);
        node.ufs.streams(in -> stalling(stalling, gate, in));
        Range page = new Range(PAGE_SIZE_BYTES, 1_000);
        page.ask(first, source);
        StalledClientsTest.pass(stalling);
        page.ask(second, source);
        for (int i = 0; i < 50; i++) {
          assertThat(third.read(KEY, 0, PAGE_SIZE_BYTES, NONE)).isEqualTo(cached);
          assertThat(third.read(KEY, 77, 1_000, NONE))
              .isEqualTo(Arrays.copyOfRange(cached, 77, 1_077));
        }
        gate.countDown();
        assertThat(first.receive().header().status()).isEqualTo(ErrorCode.UFS_UNREACHABLE_VALUE);
        assertThat(second.receive().header().status()).isEqualTo(ErrorCode.UFS_UNREACHABLE_VALUE);
        node.ufs.streams(UnaryOperator.identity());
        assertThat(first.read(KEY, 0, object.length, source)).isEqualTo(object);
      }
      assertNothingLeft(node);
    } finally {
      gate.countDown();
    }
  }

  /** A range to ask for. */
  private record Range(long offset, int length) {
    void ask(RawClient client, BlockRequestExtra source) throws IOException {
      client.send(RawClient.request(BlockOp.READ, 1, KEY, offset, length, source));
    }
  }

  private static InputStream stalling(
      CountDownLatch stalling, CountDownLatch gate, InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        stalling.countDown();
        StalledClientsTest.pass(gate);
        throw new CurvineException(ErrorCode.UFS_UNREACHABLE, "silent for too long");
      }
    };
  }
}
