/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.cli.CliException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-26T15:00:00Z,      2026-11-26T15:00:00Z",
    "2026-11-26T15:00:00.25Z,   2026-11-26T15:00:00.25Z",
    "2026-11-26T15:00+02:00,    2026-11-26T13:00:00Z",
    "2026-11-26T15:00,          2026-11-26T14:00:00Z",
    "2026-11-26T15:00:01.5,     2026-11-26T14:00:01.5Z",
    "2026-11-26,                2026-11-25T23:00:00Z",
    "2026-07-01,                2026-06-30T22:00:00Z",
  })
  void timesAreOfTheirZoneElseOfTheLocalOne(String text, String instant) throws CliException {
    Instant expected = Instant.parse(instant);
    assertThat(RangeOptions.nanos(text, ZoneId.of("Europe/Berlin")))
        .isEqualTo(TimeUnit.SECONDS.toNanos(expected.getEpochSecond()) + expected.getNano());
  }
}
