/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** All changes of keys and all that readers saw. Thread-safe; each key has one writer at a time. */
public final class History {
  private final Map<String, List<Change>> changes = new ConcurrentHashMap<>();
  private final Queue<Sight> sights = new ConcurrentLinkedQueue<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final long startNanos = System.nanoTime();

  /** For a writing that is about to begin. */
  public int nextNumber() {
    return numbers.incrementAndGet();
  }

  /** The next change of a key begins. */
  public Change begin(String key, ObjectState state, Change.Route route) {
    return begin(key, state, route, System.nanoTime());
  }

  Change begin(String key, ObjectState state, Change.Route route, long nowNanos) {
    Change change = Change.begin(state, route, nowNanos);
    List<Change> ofKey = of(key);
    synchronized (ofKey) {
      ofKey.add(change);
    }
    return change;
  }

  private List<Change> of(String key) {
    return changes.computeIfAbsent(key, each -> new ArrayList<>(List.of(Change.initial())));
  }

  /** The key is one that readers look at. */
  public void know(String key) {
    var unused = of(key);
  }

  /** A reader had its answer. */
  public void saw(Sight sight) {
    sights.add(sight);
  }

  /** What is wrong whatever else happened. */
  public void wrong(String what) {
    wrong.add(millis(System.nanoTime()) + ": " + what);
  }

  /** One more of a kind, for the summary. */
  public void count(String kind) {
    var unused = counts.computeIfAbsent(kind, each -> new AtomicInteger()).incrementAndGet();
  }

  /** How many of each kind. */
  public Map<String, AtomicInteger> counts() {
    return counts;
  }

  /** The time since the history began, for people. */
  String millis(long nanos) {
    if (nanos == Long.MIN_VALUE) {
      return "the beginning";
    }
    return nanos == Change.NEVER ? "never" : (nanos - startNanos) / 1_000_000 + " ms";
  }

  Map<String, List<Change>> changes() {
    return changes;
  }

  List<Sight> sights() {
    return List.copyOf(sights);
  }

  List<String> wrong() {
    return List.copyOf(wrong);
  }
}
