/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.state.Key;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.io.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Digests of the steps of a range. Two masters are compared by having the second one digest the
 * steps of the first, and then a step that differs in smaller ones. Immutable.
 */
public record RangeDigest(List<Step> steps) {
  /** More are not made at once. */
  public static final int STEPS_MAX = 4_096;

  public RangeDigest {
    steps = List.copyOf(steps);
  }

  /**
   * One step, which ends where the next begins.
   *
   * @param first its first key; where it begins, of one that holds none
   */
  public record Step(Key first, long keys, String sha256) {}

  /** Steps of so many keys. */
  public static RangeDigest of(FrozenState state, KeyRange range, int stepKeys, Pace pace)
      throws IOException {
    Steps steps = new Steps(List.of(), stepKeys);
    range.visit(state, steps::add, pace::await);
    return steps.finish(range.from());
  }

  /**
   * Steps that begin at these keys, the first where the range does.
   *
   * @param begins of all but the first step, ascending
   */
  public static RangeDigest of(FrozenState state, KeyRange range, List<Key> begins, Pace pace)
      throws IOException {
    Steps steps = new Steps(begins, Integer.MAX_VALUE);
    steps.begin(range.from());
    range.visit(state, steps::add, pace::await);
    return steps.finish(range.from());
  }

  private static final class Steps {
    private final List<Key> begins;
    private final int stepKeys;
    private final List<Step> done = new ArrayList<>();
    private final KeyHash hash = new KeyHash();
    private Key first;
    private int begun;

    Steps(List<Key> begins, int stepKeys) {
      this.begins = begins;
      this.stepKeys = stepKeys;
    }

    void begin(Key key) {
      first = key;
    }

    boolean add(byte[] bytes, byte[] value) {
      Key key = Key.of(bytes);
      while (begun < begins.size() && begins.get(begun).compareTo(key) <= 0) {
        end();
        first = begins.get(begun++);
      }
      if (hash.keys() >= stepKeys) {
        end();
        if (done.size() == STEPS_MAX) {
          first = null;
          return false;
        }
      }
      if (first == null) {
        first = key;
      }
      hash.add(bytes, value);
      return true;
    }

    private void end() {
      long keys = hash.keys();
      done.add(new Step(first, keys, hash.finish()));
      first = null;
    }

    RangeDigest finish(Key from) {
      if (done.size() < STEPS_MAX) {
        if (first == null) {
          first = from;
        }
        end();
        while (begun < begins.size()) {
          first = begins.get(begun++);
          end();
        }
      }
      return new RangeDigest(done);
    }
  }
}
