/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixTest {
  @Test
  void aMixHasItsWeights() {
    Mix mix = Mix.parse("stat=70, create=20,delete=10");
    assertThat(mix.weights()).isEqualTo(Map.of(Stage.STAT, 70, Stage.CREATE, 20, Stage.DELETE, 10));
    assertThat(mix.total()).isEqualTo(100);
    assertThat(mix.needsFiles()).isTrue();
    assertThat(mix.single()).isFalse();
  }

  @Test
  void eachNumberStandsForAKindAsOftenAsItsWeightSays() {
    Mix mix = Mix.parse("delete=1,stat=7,echo=2");
    Map<Stage, Integer> seen = new EnumMap<>(Stage.class);
    for (int i = 0; i < mix.total(); i++) {
      seen.merge(mix.choose(i), 1, Integer::sum);
    }
    assertThat(seen).isEqualTo(mix.weights());
    assertThatThrownBy(() -> mix.choose(10)).hasMessage("10 is not less than 10");
  }

  @Test
  void itIsTheSameAfterAJourney() {
    Mix mix = Mix.parse("stat=70,create=20,delete=10");
    assertThat(Mix.fromJson(mix.toJson())).isEqualTo(mix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stat                | is not STAGE=WEIGHT",
        "stat=               | allowed: 1 to 1000000",
        "stat=0              | weight '0'",
        "stat=x              | weight 'x'",
        "stats=1             | allowed: echo, fsync, create, stat, open, rename, delete, list, mkdir",
        "fsync=1             | fsync is not a call",
        "stat=1,stat=2       | stat is twice",
        "stat=1,             | is not STAGE=WEIGHT"
      })
  void whatIsWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> Mix.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
