/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds what readers saw against the changes that were made: nothing older than the bounds allow,
 * nothing older than what was seen before, nothing that was never there, nothing before its time.
 * For one thread.
 *
 * <p>The changes of a key have an order, since it has one writer. Each sight is taken to be of the
 * earliest change that it can be of; then no other choice for it leaves more room to those after
 * it.
 */
public final class StalenessChecker {
  private static final int TOLD_CHANGES = 4;

  private final History history;
  private final Bounds bounds;
  private final List<String> faults = new ArrayList<>();
  private final Map<Change.Route, Long> latestNanos = new EnumMap<>(Change.Route.class);

  /** For a history that has ended. */
  public StalenessChecker(History history, Bounds bounds) {
    this.history = history;
    this.bounds = bounds;
  }

  /** The index of a change, and when a reader had it. */
  private record Seen(int index, long endedNanos) {}

  /** All that is wrong, for people; empty: nothing. */
  public List<String> check() {
    faults.addAll(history.wrong());
    Map<String, List<Sight>> byKey =
        history.sights().stream()
            .collect(
                Collectors.groupingBy(
                    sight -> (sight.kernel() ? "kernel " : "client ") + sight.key(),
                    TreeMap::new,
                    Collectors.toList()));
    byKey.values().forEach(this::checkKey);
    return List.copyOf(faults);
  }

  /** How long after a change something older was still seen, by how Curvine heard of it. */
  public Map<Change.Route, Duration> latest() {
    Map<Change.Route, Duration> latest = new EnumMap<>(Change.Route.class);
    latestNanos.forEach((route, nanos) -> latest.put(route, Duration.ofNanos(nanos)));
    return latest;
  }

  /** Sights of one key by one kind of reader: a kernel is not compared with who has none. */
  private void checkKey(List<Sight> unsorted) {
    List<Sight> sights = new ArrayList<>(unsorted);
    sights.sort(Comparator.comparingLong(Sight::begunNanos));
    List<Change> changes = history.changes().getOrDefault(sights.get(0).key(), List.of());
    PriorityQueue<Seen> open = new PriorityQueue<>(Comparator.comparingLong(Seen::endedNanos));
    int before = 0;
    for (Sight sight : sights) {
      while (!open.isEmpty() && open.peek().endedNanos() < sight.begunNanos()) {
        before = Math.max(before, open.remove().index());
      }
      int due = due(changes, sight);
      int index = earliest(changes, sight, Math.max(before, due));
      if (index < 0) {
        faults.add(fault(changes, sight, before, due));
      } else {
        open.add(new Seen(index, sight.endedNanos()));
        note(changes, sight, index);
      }
    }
  }

  /** The newest change that has to be visible. */
  private int due(List<Change> changes, Sight sight) {
    int due = 0;
    for (int i = 0; i < changes.size(); i++) {
      if (bounds.visibleBy(changes.get(i), sight.kernel()) < sight.begunNanos()) {
        due = i;
      }
    }
    return due;
  }

  /** The first change from an index on that may have been seen; -1: none. */
  private static int earliest(List<Change> changes, Sight sight, int from) {
    for (int i = from; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (change.begunNanos() <= sight.endedNanos() && change.state().looksLike(sight.seen())) {
        return i;
      }
    }
    return -1;
  }

  private void note(List<Change> changes, Sight sight, int index) {
    if (index + 1 < changes.size()) {
      Change missed = changes.get(index + 1);
      if (missed.ackedNanos() < sight.begunNanos()) {
        var unused =
            latestNanos.merge(missed.route(), sight.begunNanos() - missed.ackedNanos(), Math::max);
      }
    }
  }

  private String fault(List<Change> changes, Sight sight, int before, int due) {
    int floor = Math.max(before, due);
    boolean older = earliest(changes.subList(0, floor), sight, 0) >= 0;
    boolean later =
        changes.stream().anyMatch(change -> change.state().looksLike(sight.seen())) && !older;
    String kind;
    if (later) {
      kind = "before its time";
    } else if (!older) {
      kind = "never there";
    } else if (changes.get(floor).state().equals(ObjectState.ABSENT)) {
      kind = "resurrected";
    } else {
      kind = before > due ? "older than seen before" : "stale";
    }
    StringBuilder text = new StringBuilder();
    text.append(kind).append(": ").append(sight.seen()).append(" at ").append(sight.key());
    text.append(sight.kernel() ? " through the mount" : "").append(", read from ");
    text.append(history.millis(sight.begunNanos())).append(" to ");
    text.append(history.millis(sight.endedNanos())).append("; due is change ").append(due);
    text.append(", seen before was ").append(before).append(" of:");
    int first = Math.max(0, Math.min(floor, changes.size() - 1) - TOLD_CHANGES);
    for (int i = first; i < Math.min(changes.size(), floor + TOLD_CHANGES); i++) {
      text.append("\n  ").append(i).append(' ').append(described(changes.get(i), sight.kernel()));
    }
    return text.toString();
  }

  private String described(Change change, boolean kernel) {
    return change.state()
        + " "
        + change.route()
        + " begun "
        + history.millis(change.begunNanos())
        + ", acknowledged "
        + history.millis(change.ackedNanos())
        + ", told "
        + history.millis(change.toldNanos())
        + ", visible by "
        + history.millis(bounds.visibleBy(change, kernel));
  }
}
