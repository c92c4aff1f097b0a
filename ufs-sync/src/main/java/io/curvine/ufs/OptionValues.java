/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads values of options. Pure. What is out of range is a {@link CurvineException} with
 * INVALID_ARGUMENT that names the option, its value and what is allowed.
 */
public final class OptionValues {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  private OptionValues() {}

  /** {@code true} or {@code false}. */
  public static boolean flag(Map<String, String> options, String key, boolean otherwise)
      throws CurvineException {
    String value = options.getOrDefault(key, String.valueOf(otherwise));
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(key, value, "true, false");
    };
  }

  /** A time of at least a millisecond, as {@code 500ms}, {@code 30s} or {@code 2m}. */
  public static Duration duration(
      Map<String, String> options, String key, String otherwise, Duration max)
      throws CurvineException {
    String value = options.getOrDefault(key, otherwise);
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
          };
      if (number > 0 && duration.compareTo(max) <= 0) {
        return duration;
      }
    }
    throw invalid(key, value, "1ms to " + max.toMinutes() + "m, as 500ms, 30s or 2m");
  }

  /** A whole number from 1 on. */
  public static int count(Map<String, String> options, String key, int otherwise, int max)
      throws CurvineException {
    String value = options.getOrDefault(key, Integer.toString(otherwise));
    if (value.matches("\\d{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw invalid(key, value, "1 to " + max);
  }

  /** That the value of an option is not acceptable. */
  public static CurvineException invalid(String key, String value, String allowed) {
    return new CurvineException(
        ErrorCode.INVALID_ARGUMENT, key + " is " + value + "; allowed: " + allowed);
  }
}
