/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the same steps on a local directory and on one or more mounts of the other side, and
 * compares what each gave, and whole trees now and then. For one thread, and for one run.
 *
 * <p>What several mounts of a cluster promise each other, with their kernels' caches turned off
 * (fuse.attr-timeout, fuse.entry-timeout and fuse.cache-timeout 0s), is close-to-open: names and
 * attributes that one has changed the others see at once, and content once it was closed (or
 * fsync'ed) and opened anew. They promise nothing of descriptors that stay open while another mount
 * changes their file: not when they read the new content, not whether they may write meanwhile
 * (EBUSY), nor what they read once it is deleted. So all descriptors are closed when the steps go
 * on at another mount, and then everything is compared as it is at one.
 */
final class Run {
  /** Stands among the steps where whole trees are compared. */
  static final Operation COMPARE = new Operation("compare", "the whole trees", tree -> "");

  private static final int LINES_MAX = 8;

  private final List<Step> steps;
  private final Tree local;
  private final List<Tree> mounts;
  private final List<Step> effective = new ArrayList<>();

  Run(List<Step> steps, Tree local, List<Tree> mounts) {
    this.steps = steps;
    this.local = local;
    this.mounts = mounts;
  }

  /** Makes the steps until there is one; none: they agree. No descriptor stays open. */
  Optional<Difference> difference() {
    try {
      Optional<Difference> found = Optional.empty();
      for (int i = 0; i < steps.size() && found.isEmpty(); i++) {
        found = ofStep(i);
      }
      return found.isPresent() ? found : ofAll(steps.size() - 1, true);
    } finally {
      local.closeAll();
      mounts.forEach(Tree::closeAll);
    }
  }

  private Optional<Difference> ofStep(int index) {
    Step step = steps.get(index);
    Tree mount = mounts.get(step.view());
    if (index > 0 && steps.get(index - 1).view() != step.view()) {
      Optional<Difference> switching = ofClosing(index, mounts.get(steps.get(index - 1).view()));
      if (switching.isPresent()) {
        return switching;
      }
    }
    if (step.operation().equals(COMPARE)) {
      effective.add(step);
      return ofAll(index, false);
    }
    String expected = step.on(local);
    String seen = step.on(mount);
    if (!Character.isUpperCase(expected.charAt(0)) && !expected.equals(Operation.NOT_OPEN)) {
      effective.add(step);
    }
    if (!expected.equals(seen)) {
      String kind = step.operation().name();
      return Optional.of(
          new Difference(index, step.toString(), kind, expected, seen, withStep(step)));
    }
    return Optional.empty();
  }

  private List<Step> withStep(Step last) {
    List<Step> all = new ArrayList<>(effective);
    if (all.isEmpty() || !all.get(all.size() - 1).equals(last)) {
      all.add(last);
    }
    return all;
  }

  private Optional<Difference> ofClosing(int index, Tree mount) {
    String expected = local.closeAll();
    String seen = mount.closeAll();
    return expected.equals(seen)
        ? Optional.empty()
        : Optional.of(new Difference(index, "close of all", "close", expected, seen, effective));
  }

  /** Of whole trees. */
  private Optional<Difference> ofAll(int index, boolean last) {
    if (index >= 0 && (last || mounts.size() > 1)) {
      Optional<Difference> closing = ofClosing(index, mounts.get(steps.get(index).view()));
      if (closing.isPresent()) {
        return closing;
      }
    }
    for (Tree mount : mounts) {
      List<String> expected = Snapshot.of(local);
      List<String> seen = Snapshot.of(mount);
      if (!expected.equals(seen)) {
        String what = "the whole tree at mount " + mounts.indexOf(mount);
        return Optional.of(
            new Difference(
                index, what, "tree", less(expected, seen), less(seen, expected), effective));
      }
    }
    return Optional.empty();
  }

  /** Lines that the other has not. */
  private static String less(List<String> lines, List<String> others) {
    List<String> only = new ArrayList<>(lines);
    only.removeAll(others);
    List<String> shown = only.subList(0, Math.min(LINES_MAX, only.size()));
    return String.join("\n           ", shown);
  }
}
