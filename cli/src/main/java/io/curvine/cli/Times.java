/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/** Times as people type them. Stateless. */
public final class Times {
  /** What {@link #instant} takes. */
  public static final String ALLOWED =
      "2026-11-26T15:00:00Z, 2026-11-26T15:00+01:00, 2026-11-26T15:00, 2026-11-26";

  private Times() {}

  /**
   * A time of ISO 8601; a day is its beginning.
   *
   * @param zone of a time that names none
   * @throws DateTimeException where it is none
   */
  public static Instant instant(String text, ZoneId zone) {
    if (!text.contains("T")) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    TemporalAccessor parsed =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    return parsed instanceof OffsetDateTime offset
        ? offset.toInstant()
        : ((LocalDateTime) parsed).atZone(zone).toInstant();
  }
}
