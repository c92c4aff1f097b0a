/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.util.Arrays;

/** A queue of numbers that can also be looked into at any place. Not thread-safe. */
final class LongQueue {
  private long[] ring = new long[1 << 10];
  private long head;
  private long tail;

  int size() {
    return Math.toIntExact(tail - head);
  }

  void add(long value) {
    if (size() == ring.length) {
      grow();
    }
    ring[slot(tail++)] = value;
  }

  /** The oldest, which leaves; it must not be empty. */
  long remove() {
    if (size() == 0) {
      throw new IllegalStateException("the queue is empty");
    }
    return ring[slot(head++)];
  }

  /**
   * The number at a place.
   *
   * @param index 0 for the oldest
   */
  long get(int index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException(index + " of " + size());
    }
    return ring[slot(head + index)];
  }

  private int slot(long position) {
    return (int) (position & (ring.length - 1));
  }

  private void grow() {
    long[] wider = Arrays.copyOf(ring, ring.length * 2);
    int size = size();
    for (int i = 0; i < size; i++) {
      wider[i] = ring[slot(head + i)];
    }
    ring = wider;
    head = 0;
    tail = size;
  }
}
