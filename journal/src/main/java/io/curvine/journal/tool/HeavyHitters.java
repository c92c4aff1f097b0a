/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that come most often, in bounded memory: the space-saving algorithm (Metwally, Agrawal,
 * El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005). A key
 * is counted exactly as long as there is room for all; after that a key takes the place of the one
 * that came least often, and its count may be too large by what that had. Whatever makes up more
 * than one part in {@code capacity} of all is among the counted. Not thread-safe.
 */
public final class HeavyHitters {
  /** A key that is counted, at its place in the heap. */
  private static final class Counter {
    private String key;
    private long count;
    private long bytes;
    private long error;
    private int at;

    private Counter(String key, int at) {
      this.key = key;
      this.at = at;
    }
  }

  /**
   * What was counted of a key.
   *
   * @param count too large by {@code error} at most
   * @param bytes since it is counted
   */
  public record Hitter(String key, long count, long bytes, long error) {}

  private final int capacity;
  private final Map<String, Counter> counters = new HashMap<>();

  /** The one that came least often is the first. */
  private final List<Counter> heap = new ArrayList<>();

  /**
   * @param capacity how many keys are counted at a time; 1 or more
   */
  public HeavyHitters(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + "; allowed: 1 or more");
    }
    this.capacity = capacity;
  }

  /** The key came once more. */
  public void add(String key, long bytes) {
    Counter counter = counters.get(key);
    if (counter == null) {
      counter = newCounter(key);
    }
    counter.count++;
    counter.bytes += bytes;
    sink(counter);
  }

  private Counter newCounter(String key) {
    Counter counter;
    if (heap.size() < capacity) {
      counter = new Counter(key, heap.size());
      heap.add(counter);
      rise(counter);
    } else {
      counter = heap.get(0);
      counters.remove(counter.key);
      counter.key = key;
      counter.error = counter.count;
      counter.bytes = 0;
    }
    counters.put(key, counter);
    return counter;
  }

  private void rise(Counter counter) {
    while (counter.at > 0) {
      Counter parent = heap.get((counter.at - 1) / 2);
      if (parent.count <= counter.count) {
        return;
      }
      swap(parent, counter);
    }
  }

  private void sink(Counter counter) {
    while (true) {
      int left = 2 * counter.at + 1;
      if (left >= heap.size()) {
        return;
      }
      Counter least = heap.get(left);
      if (left + 1 < heap.size() && heap.get(left + 1).count < least.count) {
        least = heap.get(left + 1);
      }
      if (counter.count <= least.count) {
        return;
      }
      swap(counter, least);
    }
  }

  private void swap(Counter one, Counter other) {
    int at = one.at;
    one.at = other.at;
    other.at = at;
    heap.set(one.at, one);
    heap.set(other.at, other);
  }

  /** The keys that came most often, those first; equals by name. */
  public List<Hitter> top(int number) {
    return heap.stream()
        .sorted(
            Comparator.comparingLong((Counter counter) -> -counter.count)
                .thenComparing(counter -> counter.key))
        .limit(number)
        .map(each -> new Hitter(each.key, each.count, each.bytes, each.error))
        .toList();
  }
}
