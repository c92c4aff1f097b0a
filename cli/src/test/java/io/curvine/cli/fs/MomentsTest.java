/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.cli.CliException;
import io.curvine.protocol.proto.Moment;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  private static final Instant NOW = Instant.parse("2026-11-26T15:00:00Z");
  private static final ZoneId ZONE = ZoneId.of("+01:00");

  private static Moment parse(String text) throws CliException {
    return Moments.parse("--at", text, NOW, ZONE);
  }

  @Test
  void aPlainNumberIsAnOffset() throws CliException {
    assertThat(parse("0")).isEqualTo(Moment.newBuilder().setOffset(0).build());
    assertThat(parse("1764169200000").getOffset()).isEqualTo(1_764_169_200_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "1764169200000ms,2025-11-26T15:00:00Z",
    "-90s,2026-11-26T14:58:30Z",
    "-10m,2026-11-26T14:50:00Z",
    "-2h,2026-11-26T13:00:00Z",
    "-3d,2026-11-23T15:00:00Z",
    "2026-11-26T15:00:00.250Z,2026-11-26T15:00:00.250Z",
    "2026-11-26T15:00+02:00,2026-11-26T13:00:00Z",
    "2026-11-26T15:00,2026-11-26T14:00:00Z",
    "2026-11-26,2026-11-25T23:00:00Z"
  })
  void timesAreOfTheZoneOrSayTheirOwn(String typed, String instant) throws CliException {
    Moment moment = parse(typed);
    assertThat(moment.hasTimeMs()).isTrue();
    assertThat(Instant.ofEpochMilli(moment.getTimeMs())).isEqualTo(Instant.parse(instant));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "-5", "-10w", "10m", "1.5", "", "99999999999999999999"})
  void anythingElseIsRefused(String typed) {
    assertThatThrownBy(() -> parse(typed))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("--at is '" + typed + "'; allowed: an offset such as 12345");
  }
}
