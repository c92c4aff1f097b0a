/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.memory;

import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.kernel.KernelMount;
import io.curvine.fuse.vfs.Vfs;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;

/** Mounts a {@link NullBackend} as a cluster is mounted. Stateless. */
public final class NullMount {
  /** Of what is written; the JVM of a mount has 768 MiB outside of its heap. */
  private static final long CAPACITY_BYTES = 576L << 20;

  private NullMount() {}

  /**
   * Mounts an empty file system on a directory and serves it until it is unmounted.
   *
   * @throws io.curvine.protocol.CurvineException as {@link KernelMount#start} says
   */
  public static KernelMount start(Path directory, FuseConfig config, MeterRegistry registry)
      throws IOException {
    Vfs vfs = new Vfs(new NullBackend(CAPACITY_BYTES), config.spoolDir());
    return KernelMount.start(directory, config, vfs, registry);
  }
}
