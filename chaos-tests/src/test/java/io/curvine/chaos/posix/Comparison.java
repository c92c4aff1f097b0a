/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.List;

/** Whether two sides gave the same, as far as the mount promises it. */
final class Comparison {
  private Comparison() {}

  /** Of single outcomes. */
  static boolean same(String local, String mount) {
    if (local.equals(mount)) {
      return true;
    }
    if (!Features.TIMES_OF_NAMELESS && local.contains(Attributes.NAMELESS)) {
      return withoutTimes(local).equals(withoutTimes(mount));
    }
    return !Features.STEADY_TIMES && sameButForLaterTimes(local, mount);
  }

  /** Of trees. */
  static boolean same(List<String> local, List<String> mount) {
    if (local.size() != mount.size()) {
      return false;
    }
    for (int i = 0; i < local.size(); i++) {
      if (!same(local.get(i), mount.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static String withoutTimes(String attributes) {
    int times = attributes.indexOf(Sights.TIMES);
    return times < 0 ? attributes : attributes.substring(0, times);
  }

  private static boolean sameButForLaterTimes(String local, String mount) {
    String[] expected = local.split(" ");
    String[] seen = mount.split(" ");
    if (expected.length != seen.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      boolean later = expected[i].equals(Sights.SAME) && seen[i].equals(Sights.LATER);
      if (!later && !expected[i].equals(seen[i])) {
        return false;
      }
    }
    return true;
  }
}
