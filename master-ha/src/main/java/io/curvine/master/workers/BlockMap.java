/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which workers hold which block, at 24 bytes a slot: open addressing with linear probing, and the
 * set of holders as a number, because few different sets exist. Not thread-safe.
 */
final class BlockMap {
  private static final int FREE = -1;
  private static final int[] NOBODY = {};
  private static final int SLOTS_MIN = 16;

  private long[] inodes = new long[SLOTS_MIN];
  private long[] versions = new long[SLOTS_MIN];
  private int[] indexes = new int[SLOTS_MIN];
  private int[] sets = filled(SLOTS_MIN);
  private int size;

  private final List<int[]> setsById = new ArrayList<>();
  private final Map<List<Integer>, Integer> idsBySet = new HashMap<>();

  /** Blocks with at least one holder. */
  int size() {
    return size;
  }

  /** Ids of the workers that hold the block, ascending. The caller does not change them. */
  int[] holders(long inode, long version, int index) {
    int slot = find(inode, version, index);
    return sets[slot] == FREE ? NOBODY : setsById.get(sets[slot]);
  }

  boolean holds(long inode, long version, int index, int worker) {
    return Arrays.binarySearch(holders(inode, version, index), worker) >= 0;
  }

  void add(long inode, long version, int index, int worker) {
    int slot = find(inode, version, index);
    if (sets[slot] == FREE) {
      if ((size + 1) * 3L > sets.length * 2L) {
        grow();
        slot = find(inode, version, index);
      }
      inodes[slot] = inode;
      versions[slot] = version;
      indexes[slot] = index;
      sets[slot] = idOf(new int[] {worker});
      size++;
      return;
    }
    int[] old = setsById.get(sets[slot]);
    int at = Arrays.binarySearch(old, worker);
    if (at < 0) {
      int[] more = new int[old.length + 1];
      int place = -at - 1;
      System.arraycopy(old, 0, more, 0, place);
      more[place] = worker;
      System.arraycopy(old, place, more, place + 1, old.length - place);
      sets[slot] = idOf(more);
    }
  }

  void remove(long inode, long version, int index, int worker) {
    int slot = find(inode, version, index);
    if (sets[slot] != FREE) {
      removeAt(slot, worker);
    }
  }

  /**
   * Takes a worker off every block that {@code kept} does not have of it.
   *
   * @param kept null: off every block
   */
  void retain(int worker, BlockMap kept) {
    int slot = 0;
    while (slot < sets.length) {
      boolean gone =
          sets[slot] != FREE
              && Arrays.binarySearch(setsById.get(sets[slot]), worker) >= 0
              && (kept == null || !kept.holds(inodes[slot], versions[slot], indexes[slot], worker));
      // Where the removal moved another block into this slot, it is looked at too.
      if (!gone || !removeAt(slot, worker)) {
        slot++;
      }
    }
  }

  /** Whether the slot has become free, or holds another block. */
  private boolean removeAt(int slot, int worker) {
    int[] old = setsById.get(sets[slot]);
    int at = Arrays.binarySearch(old, worker);
    if (at < 0) {
      return false;
    }
    if (old.length > 1) {
      int[] fewer = new int[old.length - 1];
      System.arraycopy(old, 0, fewer, 0, at);
      System.arraycopy(old, at + 1, fewer, at, fewer.length - at);
      sets[slot] = idOf(fewer);
      return false;
    }
    size--;
    closeGap(slot);
    return true;
  }

  /** Moves later blocks of the probe sequence up, so that no tombstone is needed. */
  private void closeGap(int freed) {
    int mask = sets.length - 1;
    int hole = freed;
    int slot = (hole + 1) & mask;
    while (sets[slot] != FREE) {
      int home = (int) Mix.block(inodes[slot], versions[slot], indexes[slot]) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        inodes[hole] = inodes[slot];
        versions[hole] = versions[slot];
        indexes[hole] = indexes[slot];
        sets[hole] = sets[slot];
        hole = slot;
      }
      slot = (slot + 1) & mask;
    }
    sets[hole] = FREE;
  }

  /** The block's slot, or the free one where it would go. */
  private int find(long inode, long version, int index) {
    int mask = sets.length - 1;
    int slot = (int) Mix.block(inode, version, index) & mask;
    while (sets[slot] != FREE
        && (inodes[slot] != inode || versions[slot] != version || indexes[slot] != index)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldInodes = inodes;
    long[] oldVersions = versions;
    int[] oldIndexes = indexes;
    int[] oldSets = sets;
    int slots = Math.multiplyExact(oldSets.length, 2);
    inodes = new long[slots];
    versions = new long[slots];
    indexes = new int[slots];
    sets = filled(slots);
    for (int from = 0; from < oldSets.length; from++) {
      if (oldSets[from] != FREE) {
        int to = find(oldInodes[from], oldVersions[from], oldIndexes[from]);
        inodes[to] = oldInodes[from];
        versions[to] = oldVersions[from];
        indexes[to] = oldIndexes[from];
        sets[to] = oldSets[from];
      }
    }
  }

  private int idOf(int[] workers) {
    List<Integer> key = Arrays.stream(workers).boxed().toList();
    return idsBySet.computeIfAbsent(
        key,
        absent -> {
          setsById.add(workers);
          return setsById.size() - 1;
        });
  }

  private static int[] filled(int slots) {
    int[] free = new int[slots];
    Arrays.fill(free, FREE);
    return free;
  }
}
