/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.cli.Times;
import io.curvine.protocol.proto.Moment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points of the cluster's history as people type them. Stateless. */
final class Moments {
  /** For help texts. */
  static final String HELP =
      "An offset (12345: before that event), a time (2026-11-26T15:00:00Z, 2026-11-26T15:00 or"
          + " 2026-11-26 of the local time zone, 1764169200000ms since the epoch), or how long ago"
          + " (-90s, -10m, -2h, -3d).";

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern MILLIS = Pattern.compile("(\\d{1,18})ms");
  private static final Pattern AGO = Pattern.compile("-(\\d{1,9})([smhd])");

  private Moments() {}

  /**
   * Reads one.
   *
   * @param option for messages
   * @param now what is ago is counted from here
   * @param zone of times that name none
   * @throws CliException where it is none
   */
  static Moment parse(String option, String text, Instant now, ZoneId zone) throws CliException {
    if (NUMBER.matcher(text).matches()) {
      return Moment.newBuilder().setOffset(Long.parseLong(text)).build();
    }
    Matcher millis = MILLIS.matcher(text);
    if (millis.matches()) {
      return time(Instant.ofEpochMilli(Long.parseLong(millis.group(1))));
    }
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return time(now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2))));
    }
    try {
      return time(Times.instant(text, zone));
    } catch (DateTimeException | ArithmeticException e) {
      throw new CliException(
          option
              + " is '"
              + text
              + "'; allowed: an offset such as 12345, a time such as "
              + Times.ALLOWED
              + " or 1764169200000ms, or how long ago as -90s, -10m, -2h, -3d",
          e);
    }
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Moment time(Instant instant) {
    return Moment.newBuilder().setTimeMs(instant.toEpochMilli()).build();
  }
}
