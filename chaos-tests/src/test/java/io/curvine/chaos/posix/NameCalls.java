/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static io.curvine.chaos.posix.Operation.NOT_OPEN;
import static io.curvine.chaos.posix.Operation.octal;
import static io.curvine.chaos.posix.Operation.onPath;
import static io.curvine.chaos.posix.Operation.outcome;
import static io.curvine.chaos.posix.Operation.quoted;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Calls that make, move, remove and list names. */
final class NameCalls {
  private static final int TARGET_MAX_BYTES = 5_000;

  private NameCalls() {}

  static Operation makeDirectory(String path, int mode) {
    return onPath("mkdir", path, octal(mode), (posix, where) -> posix.makeDirectory(where, mode));
  }

  static Operation makeNode(String path, int typeAndMode) {
    return onPath(
        "mknod", path, octal(typeAndMode), (posix, where) -> posix.makeNode(where, typeAndMode));
  }

  static Operation removeDirectory(String path) {
    return onPath("rmdir", path, "", Posix::removeDirectory);
  }

  static Operation unlink(String path) {
    return onPath("unlink", path, "", Posix::unlink);
  }

  static Operation rename(String from, String to, int flags) {
    String[] names = {"", " RENAME_NOREPLACE", " RENAME_EXCHANGE"};
    return new Operation(
        flags == 0 ? "rename" : "renameat2",
        quoted(from) + " to " + quoted(to) + names[flags],
        tree -> outcome(tree.posix.rename(tree.at(from), tree.at(to), flags)));
  }

  static Operation link(String from, String to, boolean follow) {
    return new Operation(
        "link",
        quoted(from) + " as " + quoted(to) + (follow ? " following" : ""),
        tree -> outcome(tree.posix.link(tree.at(from), tree.at(to), follow)));
  }

  static Operation symlink(String target, String path) {
    return onPath(
        "symlink", path, " to " + quoted(target), (posix, where) -> posix.symlink(target, where));
  }

  static Operation readLink(String path, int room) {
    return new Operation(
        "readlink",
        quoted(path) + " into " + room + " bytes",
        tree -> target(tree, tree.at(path), room));
  }

  /** The whole target of a link, or the error's name. */
  static String target(Tree tree, String absolute) {
    return target(tree, absolute, TARGET_MAX_BYTES);
  }

  private static String target(Tree tree, String absolute, int room) {
    byte[] into = new byte[room];
    long bytes = tree.posix.readLink(absolute, into);
    return bytes < 0
        ? outcome(bytes)
        : quoted(new String(into, 0, (int) bytes, StandardCharsets.UTF_8));
  }

  static Operation list(int slot) {
    return new Operation(
        "getdents",
        "fd" + slot,
        tree -> tree.isOpen(slot) ? listing(tree, tree.descriptor(slot)) : NOT_OPEN);
  }

  static Operation list(String path) {
    return new Operation(
        "readdir",
        quoted(path),
        tree -> {
          long opened = tree.posix.open(tree.at(path), Posix.DIRECTORY, 0);
          if (opened < 0) {
            return outcome(opened);
          }
          String listing = listing(tree, (int) opened);
          return listing + " closed " + outcome(tree.posix.close((int) opened));
        });
  }

  private static String listing(Tree tree, int descriptor) {
    Set<String> names = new TreeSet<>();
    long result = tree.posix.list(descriptor, names);
    return result < 0 ? outcome(result) : names.toString();
  }

  static Operation access(String path, int mode) {
    return onPath("access", path, octal(mode), (posix, where) -> posix.access(where, mode));
  }
}
