/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What was seen of the attributes of one file system. Two clocks never agree, so a time that the
 * file system took from its own is told by whether it moved since it was last seen; one that a
 * program set is told exactly. For one thread.
 */
final class Sights {
  private static final Duration NEAR = Duration.ofDays(1);
  private static final int PROBES = 100;

  /** A local file system gives the number of a deleted inode away again. */
  private record Identity(long inode, Instant born) {}

  private final Map<Identity, Attributes> last = new HashMap<>();
  private final Instant begun = Instant.now();
  private final boolean movesTell;

  /**
   * Nothing seen yet.
   *
   * @param movesTell both sides of the comparison give each change a time of its own
   */
  Sights(boolean movesTell) {
    this.movesTell = movesTell;
  }

  /**
   * Whether changes that are seen one by one have different times there. Kernels before 6.13 give
   * all changes of a few milliseconds one time.
   */
  static boolean areTimesFine(Posix posix, String directory) {
    byte[] statx = new byte[Attributes.STATX_BYTES];
    Instant before = Instant.MIN;
    for (int i = 0; i < PROBES; i++) {
      posix.changeMode(directory, 0755);
      posix.attributes(directory, false, statx);
      Instant changed = Attributes.of(statx).changed();
      if (!changed.isAfter(before)) {
        return false;
      }
      before = changed;
    }
    return true;
  }

  /** The attributes as they are compared. */
  String describe(Attributes now) {
    Attributes before = last.put(new Identity(now.inode(), now.born()), now);
    return now.withoutTimes()
        + " mtime "
        + describe(now.modified(), before == null ? null : before.modified())
        + " ctime "
        + describe(now.changed(), before == null ? null : before.changed());
  }

  private String describe(Instant now, Instant before) {
    if (Duration.between(begun, now).abs().compareTo(NEAR) > 0) {
      return now.toString();
    }
    if (!movesTell || before == null) {
      return "now";
    }
    int order = now.compareTo(before);
    return order == 0 ? "same" : order > 0 ? "later" : "earlier";
  }
}
