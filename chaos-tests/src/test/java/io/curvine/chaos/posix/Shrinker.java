/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Leaves out of a list of steps what a difference does not need: what did nothing first, then
 * halves, single steps in the end, each list made anew. Stops after so many runs. For one thread.
 */
final class Shrinker {
  private final Function<List<Step>, Optional<Difference>> run;
  private int runsLeft;

  /**
   * A shrinker.
   *
   * @param run makes steps in fresh directories
   */
  Shrinker(Function<List<Step>, Optional<Difference>> run, int runsMax) {
    this.run = run;
    this.runsLeft = runsMax;
  }

  /** The steps that are left, and the difference that they give. */
  record Shrunk(List<Step> steps, Difference difference) {}

  /** Steps that give a difference of the same kind. */
  Shrunk shrink(List<Step> steps, Difference difference) {
    Shrunk all = new Shrunk(steps.subList(0, difference.step() + 1), difference);
    Shrunk smallest = with(difference.effective(), all);
    int chunk = Math.max(1, smallest.steps.size() / 2);
    while (runsLeft > 0) {
      Shrunk smaller = without(chunk, smallest);
      boolean same = smaller.steps.size() == smallest.steps.size();
      smallest = smaller;
      if (same && chunk == 1) {
        break;
      }
      chunk = same || chunk > smaller.steps.size() ? Math.max(1, chunk / 2) : chunk;
    }
    return smallest;
  }

  /** Tries to leave out each run of so many steps, from the end. */
  private Shrunk without(int chunk, Shrunk from) {
    Shrunk smallest = from;
    int end = smallest.steps.size();
    while (end > 0 && runsLeft > 0) {
      int begin = Math.max(0, end - chunk);
      List<Step> fewer = new ArrayList<>(smallest.steps);
      fewer.subList(begin, Math.min(end, fewer.size())).clear();
      smallest = with(fewer, smallest);
      end = Math.min(begin, smallest.steps.size());
    }
    return smallest;
  }

  /** The fewer steps where they give such a difference too, else what there was. */
  private Shrunk with(List<Step> fewer, Shrunk before) {
    runsLeft--;
    Optional<Difference> found = fewer.isEmpty() ? Optional.empty() : run.apply(fewer);
    return found.isPresent() && found.get().kind().equals(before.difference.kind())
        ? new Shrunk(fewer.subList(0, found.get().step() + 1), found.get())
        : before;
  }
}
