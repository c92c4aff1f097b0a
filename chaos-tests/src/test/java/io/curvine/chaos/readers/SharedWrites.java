/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.readers.Content.Stamp;
import io.curvine.chaos.readers.Content.TornException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writings of keys that are written both through Curvine and at the UFS, and whether each is kept
 * as ADR 041 says for cache mode: under the name, replaced by a later one, or beside it.
 * Thread-safe.
 */
public final class SharedWrites {
  private static final String BESIDE = ".conflict-";

  private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

  /** What its writer was told. */
  public enum Outcome {
    /** It is written. */
    DONE,
    /** Another's object has the name, and it is kept beside that. */
    CONFLICT,
    /** Anything else; it may be there or not. */
    FAILED
  }

  private record Write(
      String key, boolean through, int number, long begunNanos, long endedNanos, Outcome outcome) {
    boolean mayBeReplacedBy(Write later) {
      return switch (later.outcome) {
        case DONE -> !later.equals(this) && later.endedNanos >= begunNanos;
        case CONFLICT -> false;
        case FAILED -> !later.equals(this); // nobody knows when it had its effect
      };
    }
  }

  /**
   * One more, which ends now.
   *
   * @param key its path in the namespace
   * @param through it was made through Curvine
   */
  public void wrote(String key, boolean through, int number, long begunNanos, Outcome outcome) {
    writes.add(new Write(key, through, number, begunNanos, System.nanoTime(), outcome));
  }

  /**
   * All that is lost, for people.
   *
   * @param all objects of the mount, by their paths in the namespace
   */
  public List<String> lost(String mount, Map<String, byte[]> all) {
    List<String> lost = new ArrayList<>();
    Set<String> keys = new TreeSet<>();
    writes.stream().map(Write::key).filter(key -> key.startsWith(mount + "/")).forEach(keys::add);
    for (String key : keys) {
      try {
        lost.addAll(lostOf(key, all));
      } catch (TornException e) {
        lost.add(key + ": " + e.getMessage());
      }
    }
    return lost;
  }

  private List<String> lostOf(String key, Map<String, byte[]> all) throws TornException {
    Set<Integer> beside = new HashSet<>();
    int named = ObjectState.NONE;
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      if (each.getKey().equals(key)) {
        named = number(each.getValue());
      } else if (each.getKey().startsWith(key + BESIDE)) {
        beside.add(number(each.getValue()));
      }
    }
    List<String> lost = new ArrayList<>();
    for (Write write : writes) {
      if (write.key().equals(key) && !kept(write, named, beside)) {
        lost.add("lost: " + write + "; named is " + named + ", beside it are " + beside);
      }
    }
    return lost;
  }

  private static int number(byte[] content) throws TornException {
    return content.length == 0 ? 0 : stamp(content).number();
  }

  private static Stamp stamp(byte[] content) throws TornException {
    Stamp stamp = Content.stamp(content, 0);
    if (stamp.lengthBytes() != content.length) {
      throw new TornException(content.length + " bytes are of " + stamp);
    }
    return stamp;
  }

  private boolean kept(Write write, int named, Set<Integer> beside) {
    return switch (write.outcome()) {
      case FAILED -> true;
      case CONFLICT -> beside.contains(write.number());
      case DONE ->
          write.number() == named
              || beside.contains(write.number())
              || writes.stream()
                  .anyMatch(
                      later -> later.key().equals(write.key()) && write.mayBeReplacedBy(later));
    };
  }
}
