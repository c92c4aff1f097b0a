/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import io.curvine.fuse.vfs.Vfs;
import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Has the mount give files to other clients that want to write them. Giving way takes as long as
 * what was written takes to be there, so that each has a thread. Thread-safe.
 */
final class Writers implements Closeable {
  private final Vfs vfs;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "give-way");
            thread.setDaemon(true);
            return thread;
          });

  Writers(Vfs vfs) {
    this.vfs = vfs;
  }

  /** One file; does not wait. */
  void giveWay(long inode) {
    threads.execute(() -> vfs.giveWay(inode));
  }

  /** Every file, as somebody may have asked for it while nobody listened; does not wait. */
  void giveWay() {
    vfs.openFiles().forEach(this::giveWay);
  }

  /** What has begun goes on. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
