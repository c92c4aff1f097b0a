/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.curvine.fuse.FakeBackend;
import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Vfs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SlowCloseTest {
  private static final int WRITERS = 30;

  @TempDir Path temporary;

  @Test
  void manyClosesThatWaitForTheUnderStoreDoNotStopTheMount() throws Exception {
    boolean possible =
        Files.exists(Path.of("/dev/fuse")) && System.getProperty("user.name").equals("root");
    if (!possible) {
      System.out.println("SlowCloseTest is skipped: it needs root and /dev/fuse");
    }
    assumeTrue(possible, "root and /dev/fuse");
    Path root = Files.createDirectory(temporary.resolve("mount"));
    CountDownLatch waiting = new CountDownLatch(WRITERS);
    CountDownLatch release = new CountDownLatch(1);
    FakeBackend backend = new FakeBackend();
    backend.beforeClose =
        () -> {
          waiting.countDown();
          release.await();
        };
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Vfs vfs = new Vfs(backend, temporary);
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
    try (KernelMount mount = KernelMount.start(root, FuseConfig.defaults(), vfs, registry)) {
      List<Future<Path>> written = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Path file = mount.path().resolve("f" + i);
        written.add(pool.submit(() -> write(file)));
      }
      assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.exists(mount.path().resolve("nothing"))).isFalse();
      assertThat(registry.get("curvine.fuse.threads").gauge().value()).isGreaterThan(WRITERS);
      release.countDown();
      for (Future<Path> one : written) {
        assertThat(Files.readString(one.get(30, TimeUnit.SECONDS))).isEqualTo("x");
      }
    } finally {
      release.countDown();
      pool.shutdownNow();
    }
  }

  private static Path write(Path file) throws IOException {
    return Files.writeString(file, "x");
  }
}
