/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.cli.bench.Silences.Silence;
import org.junit.jupiter.api.Test;

class SilencesTest {
  private final Silences silences = new Silences();

  @Test
  void findsTheLongestSinceItBegan() {
    silences.begin(100);
    silences.acknowledged(110);
    silences.acknowledged(150);
    silences.acknowledged(170);
    assertThat(silences.longest()).isEqualTo(new Silence(40, 150));

    silences.begin(1_000);
    assertThat(silences.longest()).isEqualTo(new Silence(0, 1_000));
    silences.acknowledged(1_005);
    assertThat(silences.longest()).isEqualTo(new Silence(5, 1_005));
    assertThat(silences.count()).isEqualTo(4);
  }
}
