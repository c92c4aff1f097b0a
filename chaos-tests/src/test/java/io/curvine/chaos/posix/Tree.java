/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.util.Arrays;

/**
 * One side of the comparison: a directory of a file system, and the descriptors that steps have
 * open there. For one thread.
 */
final class Tree {
  static final int SLOTS = 6;
  private static final int NONE = -1;

  final Posix posix;
  final String root;
  final Sights sights;
  private final int[] descriptors = new int[SLOTS];

  /**
   * A side.
   *
   * @param root an existing directory
   * @param sights of the file system, which several trees may be views of
   */
  Tree(Posix posix, String root, Sights sights) {
    this.posix = posix;
    this.root = root;
    this.sights = sights;
    Arrays.fill(descriptors, NONE);
  }

  /** The empty path stays what it is: no path. */
  String at(String path) {
    return path.isEmpty() ? "" : root + "/" + path;
  }

  boolean isOpen(int slot) {
    return descriptors[slot] != NONE;
  }

  int descriptor(int slot) {
    return descriptors[slot];
  }

  boolean isFile(int slot) {
    byte[] statx = new byte[Attributes.STATX_BYTES];
    return posix.attributes(descriptors[slot], statx) >= 0 && Attributes.of(statx).isFile();
  }

  /** Takes a new descriptor in the place of what the slot had; gives what both calls gave. */
  String put(int slot, long opened) {
    String closed = isOpen(slot) ? "closed " + close(slot) + ", " : "";
    if (opened >= 0) {
      descriptors[slot] = (int) opened;
    }
    return closed + Operation.outcome(Math.min(opened, 0));
  }

  /** Closes what the slot has. */
  String close(int slot) {
    int closing = descriptors[slot];
    descriptors[slot] = NONE;
    return Operation.outcome(posix.close(closing));
  }

  /** Closes all descriptors; gives what the calls gave. */
  String closeAll() {
    StringBuilder outcomes = new StringBuilder();
    for (int slot = 0; slot < SLOTS; slot++) {
      if (isOpen(slot)) {
        outcomes.append(slot).append(": ").append(close(slot)).append(' ');
      }
    }
    return outcomes.toString();
  }
}
