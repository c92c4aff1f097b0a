/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  @Test
  void fewestChangesWin() {
    assertThat(NearestName.of("worker.dta-port", List.of("worker.dirs", "worker.data-port")))
        .contains("worker.data-port");
    assertThat(NearestName.of("x", List.of())).isEmpty();
  }

  @Test
  void distanceIsLevenshteins() {
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("same", "same")).isZero();
  }
}
