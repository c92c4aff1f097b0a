/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static io.curvine.chaos.posix.Operation.NOT_OPEN;
import static io.curvine.chaos.posix.Operation.onPath;
import static io.curvine.chaos.posix.Operation.outcome;
import static io.curvine.chaos.posix.Operation.quoted;

/** Calls on extended attributes; none follows a symbolic link at the path's end. */
final class XattrCalls {
  private XattrCalls() {}

  static Operation set(String path, String name, byte[] value, int flags) {
    return onPath(
        "lsetxattr",
        path,
        described(name, value, flags),
        (posix, where) -> posix.setXattr(where, name, value, flags));
  }

  static Operation set(int slot, String name, byte[] value, int flags) {
    return onSlot(
        "fsetxattr",
        slot,
        described(name, value, flags),
        tree -> outcome(tree.posix.setXattr(tree.descriptor(slot), name, value, flags)));
  }

  private static Operation onSlot(String call, int slot, String rest, Operation.Call made) {
    return new Operation(
        call, "fd" + slot + rest, tree -> tree.isOpen(slot) ? made.on(tree) : NOT_OPEN);
  }

  private static String described(String name, byte[] value, int flags) {
    String[] names = {"", " XATTR_CREATE", " XATTR_REPLACE"};
    return " " + quoted(name) + " of " + value.length + " bytes" + names[flags];
  }

  static Operation get(String path, String name, int room) {
    return new Operation(
        "lgetxattr",
        quoted(path) + " " + quoted(name) + " into " + room + " bytes",
        tree -> {
          byte[] into = new byte[room];
          return value(tree.posix.getXattr(tree.at(path), name, into), into);
        });
  }

  static Operation get(int slot, String name, int room) {
    return onSlot(
        "fgetxattr",
        slot,
        " " + quoted(name) + " into " + room + " bytes",
        tree -> {
          byte[] into = new byte[room];
          return value(tree.posix.getXattr(tree.descriptor(slot), name, into), into);
        });
  }

  /** With no room the kernel tells the size only. */
  static String value(long result, byte[] into) {
    return result < 0 || into.length == 0 ? outcome(result) : Content.value(into, (int) result);
  }

  static Operation list(String path, int room) {
    return new Operation(
        "llistxattr",
        quoted(path) + " into " + room + " bytes",
        tree -> {
          byte[] into = new byte[room];
          return names(tree.posix.listXattrs(tree.at(path), into), into);
        });
  }

  static Operation list(int slot, int room) {
    return onSlot(
        "flistxattr",
        slot,
        " into " + room + " bytes",
        tree -> {
          byte[] into = new byte[room];
          return names(tree.posix.listXattrs(tree.descriptor(slot), into), into);
        });
  }

  private static String names(long result, byte[] into) {
    return result < 0 || into.length == 0 ? outcome(result) : Posix.names(into, result).toString();
  }

  static Operation remove(String path, String name) {
    return onPath(
        "lremovexattr", path, " " + quoted(name), (posix, where) -> posix.removeXattr(where, name));
  }

  static Operation remove(int slot, String name) {
    return onSlot(
        "fremovexattr",
        slot,
        " " + quoted(name),
        tree -> outcome(tree.posix.removeXattr(tree.descriptor(slot), name)));
  }
}
