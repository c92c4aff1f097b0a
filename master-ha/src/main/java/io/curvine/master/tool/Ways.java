/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ways that lead to states of the past: each begins from a state and goes on with a journal
 * that has all events from there on. Immutable.
 *
 * @param <J> what a journal is read with
 */
public final class Ways<J> {
  private final List<Base> bases;
  private final List<Journal<J>> journals;

  /**
   * A state to begin from.
   *
   * @param database null: the empty state
   */
  public record Base(String name, Path database, long offset) {
    /** Before the first event. */
    public static final Base EMPTY = new Base("the beginning", null, 0);

    /** Whether it is the state before the first event. */
    public boolean isEmpty() {
      return database == null;
    }
  }

  /** A journal that has the events from one offset to before another. */
  public record Journal<J>(long startOffset, long nextOffset, J reader) {}

  /** A state to begin from, and a journal that has all events from there on to a target. */
  public record Way<J>(Base base, Journal<J> journal) {
    private long end() {
      return Math.max(base.offset(), journal.nextOffset());
    }

    /** A state that has the events needs no journal that has them, nor one that reaches it. */
    private boolean goesAround(long first, long after) {
      boolean has = base.offset() >= after && journal.startOffset() <= base.offset();
      return has || (base.offset() <= first && leads(after));
    }

    private boolean leads(long offset) {
      return base.offset() <= offset
          && journal.startOffset() <= base.offset()
          && journal.nextOffset() >= offset;
    }
  }

  public Ways(List<Base> bases, List<Journal<J>> journals) {
    this.bases = List.copyOf(bases);
    this.journals = List.copyOf(journals);
  }

  /**
   * The way to a state with the fewest events to fold; empty where there is none.
   *
   * @param fromStart only from the empty state
   */
  public Optional<Way<J>> to(long offset, boolean fromStart) {
    return bases.stream()
        .filter(base -> !fromStart || base.isEmpty())
        .sorted(Comparator.comparingLong(Base::offset).reversed())
        .flatMap(base -> journals.stream().map(journal -> new Way<>(base, journal)))
        .filter(way -> way.leads(offset))
        .findFirst();
  }

  /**
   * The way to the newest state without some events: from a state before them, or from one that has
   * them already; empty where there is none.
   *
   * @param first of the events that are passed over
   * @param after the first that is not
   */
  public Optional<Way<J>> around(long first, long after) {
    return bases.stream()
        .sorted(Comparator.comparingLong(Base::offset).reversed())
        .flatMap(base -> journals.stream().map(journal -> new Way<>(base, journal)))
        .filter(way -> way.goesAround(first, after))
        .max(Comparator.comparingLong(Way::end));
  }

  /**
   * From which offsets to which a way leads.
   *
   * @param fromStart only from the empty state
   */
  private NavigableMap<Long, Long> ranges(boolean fromStart) {
    TreeMap<Long, Long> ranges = new TreeMap<>();
    for (Base base : bases) {
      for (Journal<J> journal : journals) {
        if ((!fromStart || base.isEmpty())
            && journal.startOffset() <= base.offset()
            && journal.nextOffset() >= base.offset()) {
          ranges.merge(base.offset(), journal.nextOffset(), Math::max);
        }
      }
    }
    TreeMap<Long, Long> joined = new TreeMap<>();
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      Map.Entry<Long, Long> before = joined.lastEntry();
      if (before != null && before.getValue() >= range.getKey()) {
        joined.put(before.getKey(), Math.max(before.getValue(), range.getValue()));
      } else {
        joined.put(range.getKey(), range.getValue());
      }
    }
    return joined;
  }

  /** The offset of the newest state to begin from. */
  public long newestBase() {
    return bases.stream().mapToLong(Base::offset).max().orElse(0);
  }

  /** The least offset that a way leads to; empty where there is no way to any. */
  public OptionalLong earliest() {
    NavigableMap<Long, Long> ranges = ranges(false);
    return ranges.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ranges.firstKey());
  }

  /**
   * Which offsets can be reached, for people; empty where none can.
   *
   * @param fromStart only from the empty state
   */
  public String reachable(boolean fromStart) {
    return ranges(fromStart).entrySet().stream()
        .map(range -> range.getKey() + " to " + range.getValue())
        .collect(Collectors.joining(", "));
  }
}
