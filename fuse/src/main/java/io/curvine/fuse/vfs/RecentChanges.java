/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells whether attributes that were fetched may be older than a change that this mount made
 * meanwhile. Without it a stat that overtakes the close of a file would give the kernel the length
 * from before, and the kernel would believe it.
 *
 * <p>Thread-safe. Inodes share slots, so an answer can be a needless yes, never a wrong no.
 */
public final class RecentChanges {
  private static final int SLOTS = 1024;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLongArray last = new AtomicLongArray(SLOTS);
  private volatile long all;

  /** Before fetching. */
  public long now() {
    return clock.get();
  }

  /** After a change took effect. */
  public void mark(long inode) {
    long time = clock.incrementAndGet();
    last.accumulateAndGet(slot(inode), time, Math::max);
  }

  /** A change of the inode took effect since, or perhaps one of another inode. */
  public boolean changedSince(long inode, long time) {
    return all > time || last.get(slot(inode)) > time;
  }

  /** After anything may have changed. */
  public synchronized void markAll() {
    all = clock.incrementAndGet();
  }

  private static int slot(long inode) {
    return (int) (inode & (SLOTS - 1));
  }
}
