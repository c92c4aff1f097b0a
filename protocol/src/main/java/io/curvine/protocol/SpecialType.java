/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

import java.util.Locale;
import java.util.Optional;

/**
 * What kind of special file an inode is, with the numbers that Linux has for it. Kernels make of it
 * what it is; here it is a name with attributes.
 */
public enum SpecialType {
  FIFO(0010000, 'p'),
  CHARACTER_DEVICE(0020000, 'c'),
  BLOCK_DEVICE(0060000, 'b'),
  SOCKET(0140000, 's');

  private final int bits;
  private final char letter;

  SpecialType(int bits, char letter) {
    this.bits = bits;
    this.letter = letter;
  }

  /** Its bits in st_mode, and in {@code Inode.special_type}. */
  public int bits() {
    return bits;
  }

  /** As {@code ls -l} begins a line with. */
  public char letter() {
    return letter;
  }

  /** Whether an inode of it says which device it is. */
  public boolean isDevice() {
    return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
  }

  /** In small letters with spaces, for people and in JSON. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The type of those bits; empty where there is none. */
  public static Optional<SpecialType> of(int bits) {
    for (SpecialType type : values()) {
      if (type.bits == bits) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The major number of a device of {@code Inode.device}. */
  public static int major(int device) {
    return (device >>> 8) & 0xfff;
  }

  /** The minor number of a device of {@code Inode.device}. */
  public static int minor(int device) {
    return (device & 0xff) | ((device >>> 12) & 0xfff00);
  }
}
