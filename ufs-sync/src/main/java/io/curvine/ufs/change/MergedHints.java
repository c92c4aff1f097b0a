/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hints with at most one for each path, in the order in which the paths came first. Not
 * thread-safe.
 */
public final class MergedHints {
  private final Map<String, ChangeHint> byPath = new LinkedHashMap<>();

  /** Adds a hint to what is said of its path. */
  public void add(ChangeHint hint) {
    byPath.merge(hint.path(), hint, MergedHints::merge);
  }

  /** Of two versions nobody knows which is the newer, since hints come out of order. */
  private static ChangeHint merge(ChangeHint one, ChangeHint other) {
    String version = one.version().equals(other.version()) ? one.version() : "";
    return new ChangeHint(one.path(), version, one.tree() || other.tree());
  }

  /** How many paths there are. */
  public int size() {
    return byPath.size();
  }

  /** Forgets all. */
  public void clear() {
    byPath.clear();
  }

  /** Takes the first ones out, at most so many. */
  public List<ChangeHint> take(int max) {
    List<ChangeHint> taken = new ArrayList<>();
    Iterator<ChangeHint> left = byPath.values().iterator();
    while (taken.size() < max && left.hasNext()) {
      taken.add(left.next());
      left.remove();
    }
    return taken;
  }
}
