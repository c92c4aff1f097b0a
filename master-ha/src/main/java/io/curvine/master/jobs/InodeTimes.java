/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

/**
 * A time for each of many inodes, at 16 bytes a slot: open addressing with linear probing. Nothing
 * is removed. For one thread.
 */
final class InodeTimes {
  /** No inode has this number. */
  private static final long FREE = 0;

  private static final int SLOTS_MIN = 16;

  private long[] inodes = new long[SLOTS_MIN];
  private long[] times = new long[SLOTS_MIN];
  private int size;

  int size() {
    return size;
  }

  /** The time of an inode, or what else is given. */
  long get(long inode, long orElse) {
    int slot = find(inode);
    return inodes[slot] == FREE ? orElse : times[slot];
  }

  void put(long inode, long time) {
    int slot = find(inode);
    if (inodes[slot] == FREE) {
      if ((size + 1) * 3L > inodes.length * 2L) {
        grow();
        slot = find(inode);
      }
      inodes[slot] = inode;
      size++;
    }
    times[slot] = time;
  }

  private int find(long inode) {
    int mask = inodes.length - 1;
    int slot = (int) ((inode * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (inodes[slot] != FREE && inodes[slot] != inode) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldInodes = inodes;
    long[] oldTimes = times;
    int slots = Math.multiplyExact(oldInodes.length, 2);
    inodes = new long[slots];
    times = new long[slots];
    for (int from = 0; from < oldInodes.length; from++) {
      if (oldInodes[from] != FREE) {
        int to = find(oldInodes[from]);
        inodes[to] = oldInodes[from];
        times[to] = oldTimes[from];
      }
    }
  }
}
