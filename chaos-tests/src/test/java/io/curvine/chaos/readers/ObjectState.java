/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

/**
 * What is at a key, or what a reader saw there. Immutable.
 *
 * @param number of the writing; {@link #NONE}: nothing is there; 0: a file without bytes; {@link
 *     #SOME}: a reader saw only that something is there, and its length
 * @param lengthBytes of it
 */
public record ObjectState(int number, long lengthBytes) {
  /** The number where nothing is. */
  public static final int NONE = -1;

  /** The number where a reader did not see which it is. */
  public static final int SOME = -2;

  /** Nothing is there. */
  public static final ObjectState ABSENT = new ObjectState(NONE, 0);

  /** A file is there that has no bytes. */
  public static final ObjectState EMPTY = new ObjectState(0, 0);

  /** A name that was listed. */
  public static ObjectState listed(long lengthBytes) {
    return new ObjectState(SOME, lengthBytes);
  }

  /** A reader of this state may see that. */
  boolean looksLike(ObjectState seen) {
    return seen.number == SOME ? number != NONE && lengthBytes == seen.lengthBytes : equals(seen);
  }

  @Override
  public String toString() {
    return switch (number) {
      case NONE -> "nothing";
      case SOME -> lengthBytes + " bytes";
      default -> "number " + number + " of " + lengthBytes + " bytes";
    };
  }
}
