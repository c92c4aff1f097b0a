/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.memory.NullMount;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel asks of the room of files, of a mount of memory. Needs root and /dev/fuse. */
@Timeout(120)
class KernelSpaceTest {
  @TempDir Path temporary;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path root;
  private KernelMount mount;

  @BeforeEach
  void mount() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount");
    root = Files.createDirectory(temporary.resolve("mount"));
    Path spool = Files.createDirectories(temporary.resolve("spool"));
    mount = NullMount.start(root, FuseConfig.defaults().withSpoolDir(spool), registry);
  }

  @AfterEach
  void unmount() throws Exception {
    if (mount != null) {
      mount.close();
    }
  }

  private void sh(String script) throws Exception {
    var unused = Shell.run(script, root, temporary);
  }

  private long asked(String operation) {
    Timer timer = registry.find("curvine.fuse.requests").tag("op", operation).timer();
    return timer == null ? 0 : timer.count();
  }

  @Test
  void theKernelDropsItsPagesOfAHole() throws Exception {
    sh("head -c 300000 /dev/urandom > f && cat f > before"); // the pages are in the cache
    sh("fallocate -p -o 70000 -l 100000 f");
    sh("cmp -n 70000 f before && cmp -i 170000 f before");
    sh("cmp -n 100000 <(tail -c +70001 f) /dev/zero");
    assertThat(asked("fallocate")).isEqualTo(1);
  }

  @Test
  void aFileIsAsLongAsItsRoom() throws Exception {
    sh("fallocate -l 1M f && [ $(stat -c %s f) = 1048576 ] && fallocate -n -l 2M f");
    sh("[ $(stat -c %s f) = 1048576 ] && ! fallocate -l 1G g && [ $(stat -c %s g) = 0 ]");
    sh("! fallocate -c -l 4096 f && ! fallocate -i -l 4096 f");
  }

  @Test
  void aSparseFileIsCopiedWithoutReadingItsHoles() throws Exception {
    sh("truncate -s 20G f && printf x >> f && cp --sparse=always f g");
    sh("[ $(stat -c %s g) = 21474836481 ] && [ $(tail -c 1 g) = x ]");
    assertThat(asked("lseek")).isPositive();
    assertThat(asked("read")).isLessThan(100);
  }

  @Test
  void aCopyDoesNotGoThroughTheKernel() throws Exception {
    sh("head -c 900000 /dev/urandom > f && cp f g && cmp f g");
    assertThat(asked("copy_file_range") + asked("copy_file_range_64")).isPositive();
  }
}
