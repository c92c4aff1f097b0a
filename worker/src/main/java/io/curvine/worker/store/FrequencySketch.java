/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

/**
 * How often keys were seen lately, about: four counters of 4 bits for each key, of which the
 * smallest counts (Cormode and Muthukrishnan's count-min sketch, as TinyLFU uses it). All counters
 * are halved when ten times as many uses have been seen as there are keys. Thread-safe.
 */
final class FrequencySketch {
  static final int COUNT_MAX = 15;
  private static final int DEPTH = 4;
  private static final int PLACES_PER_KEY = 16;
  private static final int USES_PER_KEY = 10;
  private static final int KEYS_MIN = 1 << 10;
  private static final int KEYS_MAX = 1 << 20;
  private static final long[] SEEDS = {
    0xc3a5c85c97cb3127L, 0xb492b66fbe98f273L, 0x9ae16a3b2f90404fL, 0xcbf29ce484222325L
  };

  /** Two counters a byte. */
  private byte[] counters = new byte[KEYS_MIN * PLACES_PER_KEY / 2];

  private int keysMax = KEYS_MIN;
  private long uses;

  /** Makes room for so many keys; what was counted is forgotten where it has to grow. */
  synchronized void ensure(int keys) {
    if (keys > keysMax && keysMax < KEYS_MAX) {
      keysMax = Math.min(KEYS_MAX, 2 * Integer.highestOneBit(keys));
      counters = new byte[keysMax * PLACES_PER_KEY / 2];
      uses = 0;
    }
  }

  /** The key was seen. */
  synchronized void add(BlockKey key) {
    int hash = key.hashCode();
    for (int row = 0; row < DEPTH; row++) {
      increment(place(hash, row));
    }
    if (++uses > (long) USES_PER_KEY * keysMax) {
      halve();
    }
  }

  /** 0 to 15. */
  synchronized int frequency(BlockKey key) {
    int hash = key.hashCode();
    int least = COUNT_MAX;
    for (int row = 0; row < DEPTH; row++) {
      least = Math.min(least, count(place(hash, row)));
    }
    return least;
  }

  private int place(int hash, int row) {
    long mixed = (hash + SEEDS[row]) * SEEDS[row];
    mixed ^= mixed >>> 32;
    return (int) mixed & (counters.length * 2 - 1);
  }

  private int count(int place) {
    return (counters[place >> 1] >>> ((place & 1) << 2)) & COUNT_MAX;
  }

  private void increment(int place) {
    if (count(place) < COUNT_MAX) {
      counters[place >> 1] += (byte) (1 << ((place & 1) << 2));
    }
  }

  private void halve() {
    for (int i = 0; i < counters.length; i++) {
      counters[i] = (byte) ((counters[i] >>> 1) & 0x77);
    }
    uses /= 2;
  }
}
