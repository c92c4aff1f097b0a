/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.testing.UnderFileSystemContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract holds behind limits that nothing of it reaches, and limits hold. */
final class LimitedUnderFileSystemTest extends UnderFileSystemContract {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  @TempDir private Path directory;
  private long now = Long.MAX_VALUE - 5;

  @Override
  protected UnderFileSystem openEmpty() throws IOException {
    return open(Mount.newBuilder().setRequestsPerSecond(1 << 20).setBandwidthBytes(1L << 40));
  }

  private UnderFileSystem open(Mount.Builder limits) throws IOException {
    UfsRegistry registry = UfsRegistry.load();
    return LimitedUnderFileSystem.of(
        registry.open(registry.normalise(directory.toString()), Map.of()), limits.build());
  }

  @Test
  void withoutLimitsTheStoreIsItself() throws IOException {
    assertThat(open(Mount.newBuilder())).isNotInstanceOf(LimitedUnderFileSystem.class);
  }

  @Test
  void tokensAreGivenInOrderAndAnUnusedTenthIsKept() {
    TokenBucket bucket = new TokenBucket(10, () -> now);
    assertThat(bucket.reserve(1)).isZero();
    assertThat(bucket.reserve(1)).isZero();
    assertThat(bucket.reserve(3)).isEqualTo(100 * MS);
    assertThat(bucket.reserve(1)).isEqualTo(400 * MS);
    now += 10_000 * MS;
    assertThat(bucket.reserve(1)).isZero();
    assertThat(bucket.reserve(1)).isZero();
    assertThat(bucket.reserve(1)).isEqualTo(100 * MS);
    assertThatThrownBy(() -> new TokenBucket(0, () -> now))
        .hasMessage("rate is 0; allowed: from 1");
  }

  private static Duration time(IoAction action) throws IOException {
    long begun = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** What may fail. */
  @FunctionalInterface
  private interface IoAction {
    void run() throws IOException;
  }

  @Test
  void callsAreSpreadOverTime() throws IOException {
    try (UnderFileSystem ufs = open(Mount.newBuilder().setRequestsPerSecond(50))) {
      Duration took =
          time(
              () -> {
                for (int i = 0; i < 26; i++) {
                  assertThat(ufs.status("none")).isEmpty();
                }
              });
      assertThat(took).isBetween(Duration.ofMillis(390), Duration.ofSeconds(10));
    }
  }

  @Test
  void bytesOfReadsAndWritesAreSpreadOverTime() throws IOException {
    byte[] content = new byte[1 << 20];
    try (UnderFileSystem ufs = open(Mount.newBuilder().setBandwidthBytes(4 << 20))) {
      UfsStatus[] made = new UfsStatus[1];
      Duration took =
          time(
              () -> {
                made[0] = ufs.write("f", content.length, new ByteArrayInputStream(content));
                try (UfsStream in = ufs.open("f", made[0].version(), 0, content.length)) {
                  assertThat(in.readAllBytes()).isEqualTo(content);
                }
              });
      // 2 MiB at 4 MiB a second, less the tenth of a second that is kept and the last piece.
      assertThat(took).isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
    }
  }

  @Test
  @Timeout(20)
  void aCloseEndsTheWaits() throws IOException {
    UnderFileSystem ufs = open(Mount.newBuilder().setRequestsPerSecond(1));
    assertThat(ufs.status("a")).isEmpty();
    CompletableFuture<Void> waits =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 1_000; i++) {
                  var unused = ufs.status("a");
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    ufs.close();
    assertThatThrownBy(waits::join)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("closed");
  }
}
