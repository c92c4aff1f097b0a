/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The lengths of files that the kernel was told last. Thread-safe.
 *
 * <p>A kernel that is told attributes while a READ is under way takes the length in them for the
 * right one, even where the answer to the READ ends before it: programs would get zeros for the
 * rest. Otherwise it takes an early end for the length.
 */
final class ToldLengths {
  private static final int SLOTS = 4_096;

  /** A request that comes after an answer may have been sent before the kernel took that. */
  private static final long ON_THE_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** By the last digits of the inode; the newest of those that share a place. */
  private final AtomicReferenceArray<Told> slots = new AtomicReferenceArray<>(SLOTS);

  private record Told(long inode, long lengthBytes, long nanos) {}

  void told(long inode, long lengthBytes) {
    slots.set(slot(inode), new Told(inode, lengthBytes, System.nanoTime()));
  }

  /**
   * Whether an answer that ends there, before what was asked for, ends too early for the kernel.
   *
   * @param since when the request came, by {@link System#nanoTime}
   */
  boolean isCutShort(long inode, long end, long since) {
    Told last = slots.get(slot(inode));
    return last != null
        && last.inode == inode
        && end < last.lengthBytes
        && last.nanos - since > -ON_THE_WAY_NANOS;
  }

  private static int slot(long inode) {
    return (int) (inode & (SLOTS - 1));
  }
}
