/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The changes of one column family in an {@link Overlay}: ranges that were deleted, and over them
 * single keys that were put or deleted. Owned by one thread; once that has made the last change,
 * any may read.
 */
final class FamilyChanges {
  /** Stands for a key that was deleted. */
  static final Object DELETED = new Object();

  /** The keys of {@code [from, to)}. */
  record Range(Key from, Key to) {
    boolean holds(Key key) {
      return from.compareTo(key) <= 0 && key.compareTo(to) < 0;
    }
  }

  private final Map<Key, Object> keys = new LinkedHashMap<>();
  private final List<Range> deletedRanges = new ArrayList<>();

  /** The same keys in order, from the first scan on: most overlays are never scanned. */
  private volatile NavigableMap<Key, Object> ordered;

  void set(Key key, Object value) {
    keys.put(key, value);
    if (ordered != null) {
      ordered.put(key, value);
    }
  }

  void deleteRange(Key from, Key to) {
    for (Map.Entry<Key, Object> inside : ordered().subMap(from, true, to, false).entrySet()) {
      inside.setValue(DELETED);
      keys.put(inside.getKey(), DELETED);
    }
    deletedRanges.add(new Range(from, to));
  }

  /** The value, {@link #DELETED}, or null where the base decides. */
  Object get(Key key) {
    Object value = keys.get(key);
    return value == null && inDeletedRange(key) ? DELETED : value;
  }

  boolean inDeletedRange(Key key) {
    for (int i = 0; i < deletedRanges.size(); i++) {
      if (deletedRanges.get(i).holds(key)) {
        return true;
      }
    }
    return false;
  }

  /** A copy of the changed keys of {@code [from, to)}, in order. */
  List<Map.Entry<Key, Object>> between(Key from, Key to) {
    var part = to == null ? ordered().tailMap(from, true) : ordered().subMap(from, true, to, false);
    return new ArrayList<>(part.entrySet());
  }

  private NavigableMap<Key, Object> ordered() {
    NavigableMap<Key, Object> known = ordered;
    if (known == null) {
      known = new TreeMap<>(keys);
      ordered = known;
    }
    return known;
  }

  /** All changed keys, in the order in which they were changed first. */
  Map<Key, Object> keys() {
    return keys;
  }

  List<Range> deletedRanges() {
    return deletedRanges;
  }
}
