/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.output;

import com.google.protobuf.ByteString;
import java.util.Locale;

/** Names that somebody chose, in a form that a terminal shows and does not obey. Stateless. */
public final class Printable {
  private Printable() {}

  /** What is not UTF-8, and what would move the cursor, is written as its code. */
  public static String of(ByteString bytes) {
    if (bytes.isValidUtf8()) {
      return of(bytes.toStringUtf8());
    }
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      text.append(
          each >= ' ' && each < 0x7f
              ? String.valueOf((char) each)
              : String.format(Locale.ROOT, "\\x%02x", each & 0xff));
    }
    return text.toString();
  }

  /** As {@link #of(ByteString)}. */
  public static String of(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder clean = new StringBuilder();
    text.chars()
        .forEach(
            each ->
                clean.append(
                    Character.isISOControl(each)
                        ? String.format(Locale.ROOT, "\\x%02x", each)
                        : String.valueOf((char) each)));
    return clean.toString();
  }
}
