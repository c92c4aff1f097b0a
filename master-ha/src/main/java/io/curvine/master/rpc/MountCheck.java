/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.sync.UfsLoader;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountUfs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Reaches a UFS before its mount is decided, so that a mistake in the address or the credentials is
 * told to who made it. Thread-safe.
 */
final class MountCheck {
  private final UfsLoader loader;
  private final Duration scanInterval;

  /**
   * @param scanInterval of mounts that do not say
   */
  MountCheck(UfsLoader loader, Duration scanInterval) {
    this.loader = loader;
    this.scanInterval = scanInterval;
  }

  /** The command with what was found; what the client had put there is dropped. */
  CompletableFuture<Command> check(Command command) {
    Mount mount = withScanInterval(command.getMountUfs().getMount());
    return loader
        .check(mount)
        .thenApply(
            root ->
                command.toBuilder()
                    .setMountUfs(MountUfs.newBuilder().setMount(mount).setChecked(root))
                    .build());
  }

  /** 0 means never; less than 0, that the mount does not say. */
  private Mount withScanInterval(Mount mount) {
    return mount.getScanIntervalMs() >= 0
        ? mount
        : mount.toBuilder().setScanIntervalMs(scanInterval.toMillis()).build();
  }
}
