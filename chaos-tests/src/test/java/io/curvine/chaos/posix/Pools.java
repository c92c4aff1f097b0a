/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.List;
import java.util.Random;

/**
 * Arguments of calls, from small pools, so that steps meet each other's files.
 *
 * <p>Neither paths nor links lead out of the directory around the tree: no link leads to the tree's
 * root, so "a/.." is in the tree; and a link to "../a" at the root leads beside the tree, where so
 * files can come to be, but no directories and no links.
 */
final class Pools {
  private static final String[] NAMES = {"a", "b", "c d", "e.f"};
  private static final String[] ODD_PATHS = {
    "",
    ".",
    "a/.",
    "a/..",
    "a/../b",
    "b/",
    "a/b/",
    "c d/",
    "n".repeat(255),
    "n".repeat(256),
    "a//b",
    "a/" + "n".repeat(256),
    "e.f/.."
  };
  private static final String[] ODD_TARGETS = {
    "",
    "../a",
    "../b",
    "../no",
    "/no/such/place",
    "t".repeat(4_095),
    "t".repeat(4_096),
    "a/",
    "n".repeat(256)
  };

  /** Set-group-id goes with execution by the group: alone it is the kernel's to keep or drop. */
  private static final int[] MODES = {
    0644, 0600, 0755, 0777, 0700, 0, 0444, 0666, 04755, 02755, 06777, 01777, 02775, 0711
  };

  /** Users and groups; -1 leaves one as it is. */
  private static final List<Owner> OWNERS =
      List.of(
          new Owner(0, 0),
          new Owner(1_000, 1_000),
          new Owner(2_000, -1),
          new Owner(1_000, 2_000),
          new Owner(-1, 0),
          new Owner(-1, 1_000));

  private static final String[] XATTRS = {
    "user.a",
    "user.b",
    "user.c d",
    "trusted.a",
    "user.",
    "user." + "n".repeat(250),
    "user." + "n".repeat(251),
    "nospace.a",
    "a"
  };
  private static final int[] ALLOCATIONS = {
    0,
    Posix.KEEP_SIZE,
    Posix.PUNCH_HOLE | Posix.KEEP_SIZE,
    Posix.PUNCH_HOLE | Posix.KEEP_SIZE,
    Posix.ZERO_RANGE,
    Posix.ZERO_RANGE | Posix.KEEP_SIZE,
    Posix.PUNCH_HOLE
  };
  private static final long[] SECONDS = {0, 1, 1_234_567_890, -86_401, 4_000_000_000L};
  private static final int[] NANOS = {0, 1, 500_000_000, 999_999_999};
  private static final int TIME_NOW = (1 << 30) - 1;
  private static final int TIME_OMITTED = (1 << 30) - 2;
  private static final int TIME_WRONG = 1_000_000_000;

  private final Random random;

  Pools(Random random) {
    this.random = random;
  }

  boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  String path() {
    if (oneIn(40)) {
      return ODD_PATHS[below(ODD_PATHS.length)];
    }
    return plainPath();
  }

  private String plainPath() {
    int chance = below(20);
    int depth = chance < 9 ? 1 : chance < 16 ? 2 : 3;
    StringBuilder path = new StringBuilder(name());
    for (int i = 1; i < depth; i++) {
      path.append('/').append(name());
    }
    return path.toString();
  }

  private String name() {
    return NAMES[below(NAMES.length)];
  }

  String target() {
    return oneIn(4) ? ODD_TARGETS[below(ODD_TARGETS.length)] : plainPath();
  }

  int slot() {
    return below(Tree.SLOTS);
  }

  int mode() {
    return MODES[below(MODES.length)];
  }

  record Owner(int uid, int gid) {}

  Owner owner() {
    return OWNERS.get(below(OWNERS.size()));
  }

  int openFlags() {
    int flags = new int[] {Posix.READ_ONLY, Posix.WRITE_ONLY, Posix.READ_WRITE}[below(3)];
    flags |= oneIn(5) ? Posix.TRUNCATE : 0;
    flags |= oneIn(2) ? Posix.CREATE : 0;
    flags |= oneIn(8) ? Posix.EXCLUSIVE : 0;
    flags |= oneIn(5) ? Posix.APPEND : 0;
    flags |= oneIn(12) ? Posix.NO_FOLLOW : 0;
    // Of both, kernels make a file or nothing, by their version.
    boolean creates = (flags & Posix.CREATE) != 0;
    flags |= !creates && oneIn(6) ? Posix.DIRECTORY : 0;
    // Without O_CREAT, O_EXCL means nothing to anyone.
    return creates ? flags : flags & ~Posix.EXCLUSIVE;
  }

  /** Within a file of up to some 100 KB, now and then past the first blocks. */
  long position() {
    int chance = below(20);
    return below(chance < 12 ? 20_000 : chance < 19 ? 120_000 : 2_500_000);
  }

  int length() {
    int chance = below(20);
    return below(chance < 2 ? 2 : chance < 14 ? 8_000 : chance < 19 ? 100_000 : 1_300_000);
  }

  /** A mode of fallocate(2); of those that some file systems have, and others not, none. */
  int allocation() {
    return ALLOCATIONS[below(ALLOCATIONS.length)];
  }

  String xattr() {
    return XATTRS[below(oneIn(6) ? XATTRS.length : 3)];
  }

  byte[] xattrValue() {
    return Content.of(below(100), oneIn(30) ? (64 << 10) + 1 : below(200));
  }

  int xattrRoom() {
    return oneIn(2) ? 256 : below(64);
  }

  /** Two times as utimensat(2) takes them. */
  long[] times() {
    long[] times = new long[4];
    for (int i = 0; i < times.length; i += 2) {
      times[i] = SECONDS[below(SECONDS.length)];
      int chance = below(20);
      times[i + 1] =
          chance < 3
              ? TIME_NOW
              : chance < 6 ? TIME_OMITTED : chance < 7 ? TIME_WRONG : NANOS[below(NANOS.length)];
    }
    return times;
  }

  User user() {
    return oneIn(5) ? User.OTHER : User.ROOT;
  }
}
