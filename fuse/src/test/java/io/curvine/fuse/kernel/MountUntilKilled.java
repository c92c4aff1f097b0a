/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.FakeBackend;
import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Vfs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/** A process that a test kills, to see what becomes of its mount. */
final class MountUntilKilled {
  private MountUntilKilled() {}

  public static void main(String[] arguments) throws Exception {
    KernelMount mount =
        KernelMount.start(
            Path.of(arguments[0]),
            FuseConfig.defaults(),
            new Vfs(new FakeBackend(), Path.of("/tmp")),
            new SimpleMeterRegistry());
    System.out.println("mounted");
    mount.awaitUnmounted();
  }
}
