/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.CliException;
import io.curvine.cli.Times;
import io.curvine.journal.tool.JournalFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** Which part of a journal is wanted. */
final class RangeOptions {
  private static final String SEPARATOR = "..";

  @Option(names = "--from", paramLabel = "OFFSET", description = "The first offset.")
  private Long from;

  @Option(names = "--to", paramLabel = "OFFSET", description = "The last offset.")
  private Long to;

  @Option(
      names = "--time",
      paramLabel = "FROM..TO",
      description = {
        "From a time to before another; either may be left out. As 2026-11-26T15:00:00Z, or",
        "2026-11-26T15:00 or 2026-11-26 of the local time zone."
      })
  private String time;

  /** The first offset, if one was given. */
  Long from() {
    return from;
  }

  /** All events in the range. */
  JournalFilter filter() throws CliException {
    long first = offset("--from", from, 0);
    long last = offset("--to", to, Long.MAX_VALUE);
    if (last < first) {
      throw new CliException("--to is " + last + "; allowed: " + first + " (--from) or more");
    }
    long fromNanos = Long.MIN_VALUE;
    long toNanos = Long.MAX_VALUE;
    if (time != null) {
      int at = time.indexOf(SEPARATOR);
      if (at < 0) {
        throw new CliException("--time is '" + time + "'; allowed: FROM..TO");
      }
      String begin = time.substring(0, at);
      String end = time.substring(at + SEPARATOR.length());
      fromNanos = begin.isEmpty() ? fromNanos : nanos(begin, ZoneId.systemDefault());
      toNanos = end.isEmpty() ? toNanos : nanos(end, ZoneId.systemDefault());
      if (toNanos <= fromNanos) {
        throw new CliException("--time is '" + time + "'; allowed: a TO after FROM");
      }
    }
    return new JournalFilter(
        first,
        last,
        fromNanos,
        toNanos,
        JournalFilter.ALL.types(),
        JournalFilter.ALL.paths(),
        JournalFilter.ALL.principals());
  }

  private static long offset(String option, Long given, long otherwise) throws CliException {
    if (given != null && given < 0) {
      throw new CliException(option + " is " + given + "; allowed: 0 or more");
    }
    return given == null ? otherwise : given;
  }

  /** Nanoseconds since the epoch. */
  static long nanos(String text, ZoneId zone) throws CliException {
    try {
      Instant instant = Times.instant(text, zone);
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toNanos(1)),
          instant.getNano());
    } catch (DateTimeException | ArithmeticException e) {
      throw new CliException("--time has '" + text + "'; allowed: " + Times.ALLOWED, e);
    }
  }
}
