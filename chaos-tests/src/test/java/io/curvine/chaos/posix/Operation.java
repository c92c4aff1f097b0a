/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

/**
 * A system call with its arguments, to be made on any tree.
 *
 * @param name of the call
 * @param arguments for people
 */
record Operation(String name, String arguments, Call call) {
  static final String NOT_OPEN = "not open";

  /** Makes the call; gives all that a program could see of the outcome. */
  @FunctionalInterface
  interface Call {
    String on(Tree tree);
  }

  /** What a call on a path gives. */
  @FunctionalInterface
  interface PathCall {
    long on(Posix posix, String path);
  }

  /** What a call on a descriptor gives. */
  @FunctionalInterface
  interface DescriptorCall {
    long on(Posix posix, int descriptor);
  }

  static Operation onPath(String name, String path, String rest, PathCall call) {
    return new Operation(
        name, quoted(path) + rest, tree -> outcome(call.on(tree.posix, tree.at(path))));
  }

  static Operation onSlot(String name, int slot, String rest, DescriptorCall call) {
    return new Operation(
        name,
        "fd" + slot + rest,
        tree -> tree.isOpen(slot) ? outcome(call.on(tree.posix, tree.descriptor(slot))) : NOT_OPEN);
  }

  /** A number, or the name of an error. */
  static String outcome(long result) {
    return result >= 0 ? Long.toString(result) : Posix.errorName(result);
  }

  /** A path as people read it; long ones are cut. */
  static String quoted(String path) {
    int shown = 40;
    return path.length() <= shown
        ? "'" + path + "'"
        : "'" + path.substring(0, shown) + "...' of " + path.length() + " characters";
  }

  static String octal(int number) {
    return " 0" + Integer.toOctalString(number);
  }

  @Override
  public String toString() {
    return name + " " + arguments;
  }
}
