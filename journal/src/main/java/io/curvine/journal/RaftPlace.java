/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the Raft log the entry is that brought a batch of events. The same on every master, so
 * that their files stay the same byte for byte. Immutable.
 *
 * @param term 0 or more; -1 where it is not known
 * @param index 0 or more; -1 where it is not known
 */
public record RaftPlace(long term, long index) {
  /** Of batches that were written before this was noted. */
  public static final RaftPlace UNKNOWN = new RaftPlace(-1, -1);

  private static final Pattern FORM = Pattern.compile("(\\d{1,19}):(\\d{1,19})");

  public RaftPlace {
    if (term < -1 || index < -1 || term < 0 != index < 0) {
      throw new IllegalArgumentException(
          "term " + term + ", index " + index + "; allowed: both 0 or more, or both -1");
    }
  }

  /** Whether it is noted. */
  public boolean known() {
    return index >= 0;
  }

  /**
   * Reads {@code term:index}.
   *
   * @return empty where the text is none
   */
  public static Optional<RaftPlace> parse(String text) {
    Matcher numbers = FORM.matcher(text);
    if (!numbers.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new RaftPlace(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2))));
    } catch (NumberFormatException e) {
      return Optional.empty(); // more than a long holds
    }
  }

  /** {@code term:index}, decimal; {@code unknown} where it is not known. */
  @Override
  public String toString() {
    return known() ? term + ":" + index : "unknown";
  }
}
