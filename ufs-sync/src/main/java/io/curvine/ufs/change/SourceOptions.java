/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.OptionValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the options of a source. What is missing or not acceptable is a {@link CurvineException}
 * with INVALID_ARGUMENT. Immutable.
 */
public final class SourceOptions {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final Map<String, String> options;

  /** Of a mount. */
  public SourceOptions(Map<String, String> options) {
    this.options = Map.copyOf(options);
  }

  /** The value; empty where there is none. */
  public String text(String key) {
    return options.getOrDefault(key, "");
  }

  /** A value that has to be there. */
  public String required(String key) throws CurvineException {
    String value = text(key);
    if (value.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, key + " is not given; the source needs it");
    }
    return value;
  }

  /** One of these words; the first where none is given. */
  public String choice(String key, List<String> allowed) throws CurvineException {
    String value = options.getOrDefault(key, allowed.get(0));
    if (!allowed.contains(value)) {
      throw OptionValues.invalid(key, value, String.join(", ", allowed));
    }
    return value;
  }

  /** A number of the range. */
  public int number(String key, int otherwise, int min, int max) throws CurvineException {
    String value = options.getOrDefault(key, String.valueOf(otherwise));
    if (NUMBER.matcher(value).matches()) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw OptionValues.invalid(key, value, min + " to " + max);
  }

  /** A time of the range, written as 30s, 5m or 2h. */
  public Duration duration(String key, Duration otherwise, Duration min, Duration max)
      throws CurvineException {
    String value = options.get(key);
    if (value == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
      if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
        return duration;
      }
    }
    throw OptionValues.invalid(
        key, value, min.toSeconds() + "s to " + max.toSeconds() + "s, as 30s, 5m or 2h");
  }
}
