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

/** Calls on descriptors and on the content of files. */
final class FileCalls {
  private FileCalls() {}

  static Operation open(int slot, String path, int flags, int mode) {
    return new Operation(
        "open",
        "fd" + slot + " " + quoted(path) + flags(flags) + octal(mode),
        tree -> tree.put(slot, tree.posix.open(tree.at(path), flags, mode)));
  }

  private static String flags(int flags) {
    String[] access = {" O_RDONLY", " O_WRONLY", " O_RDWR", " O_ACCMODE"};
    StringBuilder text = new StringBuilder(access[flags & 3]);
    text.append((flags & Posix.CREATE) != 0 ? "|O_CREAT" : "");
    text.append((flags & Posix.EXCLUSIVE) != 0 ? "|O_EXCL" : "");
    text.append((flags & Posix.TRUNCATE) != 0 ? "|O_TRUNC" : "");
    text.append((flags & Posix.APPEND) != 0 ? "|O_APPEND" : "");
    text.append((flags & Posix.DIRECTORY) != 0 ? "|O_DIRECTORY" : "");
    text.append((flags & Posix.NO_FOLLOW) != 0 ? "|O_NOFOLLOW" : "");
    return text.toString();
  }

  static Operation close(int slot) {
    return new Operation(
        "close", "fd" + slot, tree -> tree.isOpen(slot) ? tree.close(slot) : NOT_OPEN);
  }

  static Operation duplicate(int slot, int into) {
    return new Operation(
        "dup",
        "fd" + slot + " as fd" + into,
        tree ->
            tree.isOpen(slot)
                ? tree.put(into, tree.posix.duplicate(tree.descriptor(slot)))
                : NOT_OPEN);
  }

  static Operation read(int slot, long position, int bytes) {
    return new Operation(
        "pread",
        "fd" + slot + " " + bytes + " bytes at " + position,
        tree -> {
          byte[] into = new byte[bytes];
          return tree.isOpen(slot)
              ? content(tree.posix.read(tree.descriptor(slot), into, position), into)
              : NOT_OPEN;
        });
  }

  static Operation read(int slot, int bytes) {
    return new Operation(
        "read",
        "fd" + slot + " " + bytes + " bytes",
        tree -> {
          byte[] into = new byte[bytes];
          return tree.isOpen(slot)
              ? content(tree.posix.read(tree.descriptor(slot), into), into)
              : NOT_OPEN;
        });
  }

  private static String content(long result, byte[] into) {
    return result < 0 ? outcome(result) : Content.describe(into, (int) result);
  }

  static Operation write(int slot, long position, int bytes, int salt) {
    return onSlot(
        "pwrite",
        slot,
        " " + bytes + " bytes at " + position,
        (posix, descriptor) -> posix.write(descriptor, Content.of(salt, bytes), position));
  }

  static Operation write(int slot, int bytes, int salt) {
    return onSlot(
        "write",
        slot,
        " " + bytes + " bytes",
        (posix, descriptor) -> posix.write(descriptor, Content.of(salt, bytes)));
  }

  /** Whence as in lseek(2): 0 from the beginning, 1 from where it is, 2 from the end. */
  static Operation seek(int slot, long offset, int whence) {
    return new Operation(
        "lseek",
        "fd" + slot + " by " + offset + " from " + whence,
        tree -> {
          // Where directories end, and where in them one is, is the file system's own matter.
          return tree.isOpen(slot) && tree.isFile(slot)
              ? outcome(tree.posix.seek(tree.descriptor(slot), offset, whence))
              : NOT_OPEN;
        });
  }

  static Operation truncate(int slot, long length) {
    return onSlot(
        "ftruncate",
        slot,
        " to " + length,
        (posix, descriptor) -> posix.truncate(descriptor, length));
  }

  static Operation truncate(String path, long length) {
    return onPath(
        "truncate", path, " to " + length, (posix, where) -> posix.truncate(where, length));
  }

  static Operation sync(int slot, boolean dataOnly) {
    return onSlot(
        dataOnly ? "fdatasync" : "fsync",
        slot,
        "",
        (posix, descriptor) -> posix.sync(descriptor, dataOnly));
  }
}
