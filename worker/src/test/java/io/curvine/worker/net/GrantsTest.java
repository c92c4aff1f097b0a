/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LocalBlock;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void aFileThatIsGoneIsNotHere() throws IOException {
    Path file = StoreFixture.file(dir, KEY);
    meanwhile = () -> Files.delete(file);
    assertRefused(ErrorCode.BLOCK_NOT_FOUND);
  }
}
