/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether two sides gave the same, as far as the mount keeps to it by now. */
final class Comparison {
  private static final Pattern TIMES = Pattern.compile(" mtime (\\S+) ctime (\\S+)");
  private static final Pattern FILE = Pattern.compile("\\bmode 10\\d{4} ");
  private static final Pattern NAMELESS = Pattern.compile(" links 0 ");

  private Comparison() {}

  /** Of single outcomes. */
  static boolean same(String local, String mount) {
    if (local.equals(mount)) {
      return true;
    }
    Matcher expected = TIMES.matcher(local);
    Matcher seen = TIMES.matcher(mount);
    if (!expected.find() || !seen.find()) {
      return false;
    }
    return expected.replaceFirst("").equals(seen.replaceFirst(""))
        && mayTimesDiffer(local, times(local), times(mount));
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

  private static MatchResult times(String text) {
    Matcher times = TIMES.matcher(text);
    if (!times.find()) {
      throw new IllegalArgumentException(text);
    }
    return times.toMatchResult();
  }

  private static boolean mayTimesDiffer(String local, MatchResult expected, MatchResult seen) {
    if (NAMELESS.matcher(local).find()) {
      return !Features.TIMES_OF_NAMELESS;
    }
    String mtime = expected.group(1);
    boolean otherSet =
        isSet(mtime) && isSet(seen.group(1)) && !mtime.equals(seen.group(1)); // by a program
    return FILE.matcher(local).find() && !Features.TIMES_OF_FILES && !otherSet;
  }

  /** A program set the time, which is told as a date. */
  private static boolean isSet(String time) {
    return !Character.isAlphabetic(time.charAt(0));
  }
}
