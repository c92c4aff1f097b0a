/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** What the kernel keeps of names and attributes. Stateless. */
final class KernelCaches {
  private static final Path SWITCH = Path.of("/proc/sys/vm/drop_caches");
  private static final String NAMES_AND_INODES = "2";

  /** A mount tells the kernel to believe them for a second, unless it is configured otherwise. */
  private static final long BELIEVED_MS = 1_100;

  private KernelCaches() {}

  /** Whether they can be dropped: not in containers, where the switch is read-only. */
  static boolean canBeDropped() {
    return Files.isWritable(SWITCH);
  }

  /** Has the kernel forget those of the whole machine; else waits until it asks mounts again. */
  static void drop() throws IOException, InterruptedException {
    if (canBeDropped()) {
      Files.writeString(SWITCH, NAMES_AND_INODES, StandardOpenOption.WRITE);
    } else {
      TimeUnit.MILLISECONDS.sleep(BELIEVED_MS);
    }
  }
}
