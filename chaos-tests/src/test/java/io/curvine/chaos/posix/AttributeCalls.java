/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static io.curvine.chaos.posix.Operation.NOT_OPEN;
import static io.curvine.chaos.posix.Operation.octal;
import static io.curvine.chaos.posix.Operation.onPath;
import static io.curvine.chaos.posix.Operation.onSlot;
import static io.curvine.chaos.posix.Operation.outcome;
import static io.curvine.chaos.posix.Operation.quoted;

import io.curvine.chaos.posix.Pools.Owner;
import java.util.Arrays;

/** Calls that tell and change attributes. */
final class AttributeCalls {
  private AttributeCalls() {}

  static Operation attributes(String path, boolean follow) {
    return new Operation(
        follow ? "stat" : "lstat", quoted(path), tree -> describe(tree, tree.at(path), follow));
  }

  private static String describe(Tree tree, String absolute, boolean follow) {
    byte[] into = new byte[Attributes.STATX_BYTES];
    long result = tree.posix.attributes(absolute, follow, into);
    return result < 0 ? outcome(result) : tree.sights.describe(Attributes.of(into));
  }

  static Operation attributes(int slot) {
    return new Operation(
        "fstat",
        "fd" + slot,
        tree -> {
          byte[] into = new byte[Attributes.STATX_BYTES];
          if (!tree.isOpen(slot)) {
            return NOT_OPEN;
          }
          long result = tree.posix.attributes(tree.descriptor(slot), into);
          return result < 0 ? outcome(result) : tree.sights.describe(Attributes.of(into));
        });
  }

  static Operation changeMode(String path, int mode) {
    return onPath("chmod", path, octal(mode), (posix, where) -> posix.changeMode(where, mode));
  }

  static Operation changeMode(int slot, int mode) {
    return onSlot(
        "fchmod", slot, octal(mode), (posix, descriptor) -> posix.changeMode(descriptor, mode));
  }

  static Operation changeOwner(String path, Owner owner, boolean follow) {
    return onPath(
        follow ? "chown" : "lchown",
        path,
        " " + owner.uid() + ":" + owner.gid(),
        (posix, where) -> posix.changeOwner(where, owner.uid(), owner.gid(), follow));
  }

  static Operation changeOwner(int slot, Owner owner) {
    return onSlot(
        "fchown",
        slot,
        " " + owner.uid() + ":" + owner.gid(),
        (posix, descriptor) -> posix.changeOwner(descriptor, owner.uid(), owner.gid()));
  }

  static Operation setTimes(String path, long[] times, boolean follow) {
    return onPath(
        "utimensat",
        path,
        " " + Arrays.toString(times) + (follow ? "" : " not following"),
        (posix, where) -> posix.setTimes(where, times, follow));
  }

  static Operation setTimes(int slot, long[] times) {
    return onSlot(
        "futimens",
        slot,
        " " + Arrays.toString(times),
        (posix, descriptor) -> posix.setTimes(descriptor, times));
  }
}
