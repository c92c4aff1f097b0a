/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Sizes and durations as people write them. */
public final class Units {
  private static final Map<String, Long> BYTES = new LinkedHashMap<>();
  private static final Map<String, Long> MILLIS = new LinkedHashMap<>();

  static {
    BYTES.put("TiB", 1L << 40);
    BYTES.put("GiB", 1L << 30);
    BYTES.put("MiB", 1L << 20);
    BYTES.put("KiB", 1L << 10);
    BYTES.put("B", 1L);
    MILLIS.put("ms", 1L);
    MILLIS.put("s", 1_000L);
    MILLIS.put("m", 60_000L);
    MILLIS.put("h", 3_600_000L);
    MILLIS.put("d", 86_400_000L);
  }

  private Units() {}

  /**
   * Reads {@code 64MiB}, {@code 1.5GiB}, {@code 4096} or {@code 4096B}.
   *
   * @throws IllegalArgumentException for anything else, and for more than 2^63 bytes
   */
  public static long bytes(String text) {
    for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
      if (text.endsWith(unit.getKey())) {
        return times(
            text.substring(0, text.length() - unit.getKey().length()), unit.getValue(), text);
      }
    }
    return times(text, 1, text);
  }

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}, or {@code 0}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    for (Map.Entry<String, Long> unit : MILLIS.entrySet()) {
      if (text.matches("[0-9.]+" + unit.getKey())) {
        return Duration.ofMillis(
            times(
                text.substring(0, text.length() - unit.getKey().length()), unit.getValue(), text));
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not a duration");
  }

  /** For people, with at most one decimal: {@code 1.5 GiB}. */
  public static String showBytes(long bytes) {
    for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
      if (bytes >= unit.getValue()) {
        double amount = (double) bytes / unit.getValue();
        String number =
            bytes % unit.getValue() == 0
                ? Long.toString(bytes / unit.getValue())
                : String.format(Locale.ROOT, "%.1f", amount);
        return number + " " + unit.getKey();
      }
    }
    return "0 B";
  }

  private static long times(String number, long factor, String whole) {
    try {
      long result =
          new BigDecimal(number.trim()).multiply(BigDecimal.valueOf(factor)).longValueExact();
      if (result >= 0) {
        return result;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + whole + "' is not a number with a unit", e);
    }
    throw new IllegalArgumentException("'" + whole + "' is negative");
  }
}
