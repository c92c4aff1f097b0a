/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static io.curvine.chaos.posix.Operation.NOT_OPEN;
import static io.curvine.chaos.posix.Operation.onSlot;
import static io.curvine.chaos.posix.Operation.outcome;

/** Calls on the room that files take, and copies that the kernel leaves to the file system. */
final class SpaceCalls {
  private SpaceCalls() {}

  static Operation allocate(int slot, int mode, long position, long length) {
    return onSlot(
        "fallocate",
        slot,
        " mode " + mode + ", " + length + " bytes at " + position,
        (posix, descriptor) -> posix.allocate(descriptor, mode, position, length));
  }

  static Operation copy(int from, long position, int to, long at, int length) {
    return new Operation(
        "copy_file_range",
        "fd" + from + " at " + position + " to fd" + to + " at " + at + ", " + length + " bytes",
        tree ->
            tree.isOpen(from) && tree.isOpen(to)
                ? outcome(
                    tree.posix.copy(
                        tree.descriptor(from), position, tree.descriptor(to), at, length))
                : NOT_OPEN);
  }

  /** Where holes are is the file system's own matter, but no byte that is not zero is in one. */
  static Operation holes(int slot) {
    return new Operation(
        "holes",
        "fd" + slot,
        tree ->
            tree.isOpen(slot) && tree.isFile(slot)
                ? holes(tree.posix, tree.descriptor(slot))
                : NOT_OPEN);
  }

  private static String holes(Posix posix, int descriptor) {
    long before = posix.seek(descriptor, 0, Posix.SEEK_CURRENT);
    long end = posix.seek(descriptor, 0, Posix.SEEK_END);
    String found = holes(posix, descriptor, end);
    String pastIt =
        outcome(posix.seek(descriptor, end, Posix.SEEK_DATA))
            + " "
            + outcome(posix.seek(descriptor, end, Posix.SEEK_HOLE))
            + " "
            + outcome(posix.seek(descriptor, -1, Posix.SEEK_HOLE));
    String back = outcome(posix.seek(descriptor, before, Posix.SEEK_SET));
    return found + " to " + end + ", then " + pastIt + ", " + back;
  }

  private static String holes(Posix posix, int descriptor, long end) {
    for (long at = 0; at < end; ) {
      long data = posix.seek(descriptor, at, Posix.SEEK_DATA);
      long to = data == -Posix.ENXIO ? end : data;
      if (to < at || to > end) {
        return "data after " + at + " are at " + outcome(data);
      }
      if (!areZeros(posix, descriptor, at, to)) {
        return "data are in the hole from " + at + " to " + to;
      }
      if (to == end) {
        break;
      }
      at = posix.seek(descriptor, to, Posix.SEEK_HOLE);
      if (at <= to || at > end) {
        return "the hole after " + to + " is at " + outcome(at);
      }
    }
    return "fine";
  }

  /** Of what cannot be read nobody knows better. */
  private static boolean areZeros(Posix posix, int descriptor, long from, long to) {
    byte[] bytes = new byte[(int) (to - from)];
    int read = (int) posix.read(descriptor, bytes, from);
    for (int i = 0; i < read; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
