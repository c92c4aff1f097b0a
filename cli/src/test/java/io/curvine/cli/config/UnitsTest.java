/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "4096,4096",
    "4096B,4096",
    "1KiB,1024",
    "1.5GiB,1610612736",
    "2TiB,2199023255552"
  })
  void sizes(String text, long bytes) {
    assertThat(Units.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "1MB", "-1", "1.5", "9999999TiB", "1 GiBs"})
  void notSizes(String text) {
    assertThatThrownBy(() -> Units.bytes(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,PT0S",
    "500ms,PT0.5S",
    "30s,PT30S",
    "5m,PT5M",
    "2h,PT2H",
    "7d,PT168H",
    "1.5s,PT1.5S"
  })
  void durations(String text, Duration duration) {
    assertThat(Units.duration(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "1w", "5 s x"})
  void notDurations(String text) {
    assertThatThrownBy(() -> Units.duration(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shown() {
    assertThat(Units.showBytes(0)).isEqualTo("0 B");
    assertThat(Units.showBytes(1023)).isEqualTo("1023 B");
    assertThat(Units.showBytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Units.showBytes(10L << 30)).isEqualTo("10 GiB");
  }
}
