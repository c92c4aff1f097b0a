/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LocalBlock;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.BlockWrite;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
  private static final BlockKey KEY = new BlockKey(1, 1, 0);
  private static final long SECOND_NANOS = 1_000_000_000;

  /** What happens at the look at the lease that follows the taking of the block. */
  private interface Meanwhile {
    void happens() throws IOException;
  }

  @TempDir Path dir;
  private BlockStore store;
  private Grants grants;
  private Meanwhile meanwhile = () -> {};
  private int looks;

  @BeforeEach
  void open() throws IOException {
    store = StoreFixture.open(dir, 64 << 20);
    StoreFixture.write(store, KEY, new byte[100]);
    grants = new Grants(store, this::leftNanos);
  }

  @AfterEach
  void close() throws IOException {
    grants.close();
    assertThat(StoreFixture.openFilesAfterDroppingAll(store)).isZero();
    store.close();
  }

  private long leftNanos() {
    looks++;
    if (looks == 2) {
      try {
        meanwhile.happens();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return SECOND_NANOS;
  }

  private void assertRefused(ErrorCode code) {
    assertThatThrownBy(() -> grants.grant(KEY))
        .isInstanceOfSatisfying(CurvineException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(looks).isEqualTo(2);
  }

  @Test
  void tellsWhichFileItIs() throws IOException {
    LocalBlock file = grants.grant(KEY);
    assertThat(Path.of(file.getPath())).isEqualTo(StoreFixture.file(dir, KEY).toAbsolutePath());
    assertThat(file.getFileKey()).isEqualTo(FileKeys.of(Path.of(file.getPath())));
    assertThat(file.getValidMs()).isEqualTo(1_000);
  }

  @Test
  void aBlockThatGoesMeanwhileIsNotHere() {
    meanwhile = () -> store.drop(KEY);
    assertRefused(ErrorCode.BLOCK_NOT_FOUND);
  }

  @Test
  void aNewBlockOfTheSameNameIsNotTakenForIt() {
    meanwhile =
        () -> {
          store.drop(KEY);
          StoreFixture.write(store, KEY, new byte[200]);
        };
    assertRefused(ErrorCode.BLOCK_NOT_FOUND);
  }

  @Test
  void whoMapsABlockSeesWhatIsWrittenAfterItWasDroppedAndBegunAnew() throws IOException {
    LocalBlock mapped = grants.grant(KEY);
    try (BlockWrite write = store.openForWrite(KEY, 100, WriteAck.PAGE_CACHE)) {
      write.abort();
    }
    try (Block empty = store.acquire(KEY).orElseThrow()) {
      assertThat(empty.readable()).isFalse();
    }
    StoreFixture.write(store, KEY, new byte[] {1, 2, 3});
    Path file = StoreFixture.file(dir, KEY);
    assertThat(FileKeys.of(file)).isEqualTo(mapped.getFileKey());
    byte[] bytes = Files.readAllBytes(file);
    assertThat(Arrays.copyOfRange(bytes, BlockFileFormat.DATA_AT, BlockFileFormat.DATA_AT + 5))
        .isEqualTo(new byte[] {1, 2, 3, 0, 0});
  }

  @Test
  void aBlockThatWasDroppedByItsWriterGoesWithTheLastWhoMapsIt() throws IOException {
    Path file = Path.of(grants.grant(KEY).getPath());
    try (BlockWrite write = store.openForWrite(KEY, 100, WriteAck.PAGE_CACHE)) {
      write.abort();
    }
    assertThat(file).exists();
    grants.release(KEY);
    assertThat(store.acquire(KEY)).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatIsGoneIsNotHere() throws IOException {
    Path file = StoreFixture.file(dir, KEY);
    meanwhile = () -> Files.delete(file);
    assertRefused(ErrorCode.BLOCK_NOT_FOUND);
  }
}
