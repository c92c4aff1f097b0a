/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.curvine.cli.bench.Histograms;
import io.curvine.cli.bench.ufs.Compared.Round;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ComparedTest {
  private static Turn turn(long mib, double seconds) {
    return new Turn(
        10,
        mib << 20,
        (long) (seconds * TimeUnit.SECONDS.toNanos(1)),
        Histograms.ofNanos(),
        Map.of(UfsBed.CLIENT, 20.0),
        5);
  }

  @Test
  void theMedianOfTheRatiosIsTaken() {
    Compared compared =
        new Compared(
            "x",
            1,
            List.of(
                new Round(turn(100, 1), turn(100, 2)),
                new Round(turn(100, 1), turn(100, 1)),
                new Round(turn(90, 1), turn(100, 1))));
    assertThat(compared.ratio()).isCloseTo(1.0, within(1e-9));
    assertThat(compared.line()).isEqualTo("x: 1.00 of direct (0.90 to 2.00)");
  }

  @Test
  void cpuIsByObject() {
    assertThat(turn(1, 1).cpuMicrosPerObject(UfsBed.CLIENT)).isEqualTo(2_000);
    assertThat(turn(1, 1).cpuMicrosPerObject()).isEqualTo(2_000);
    assertThat(turn(1, 1).cpuMicrosPerObject(UfsBed.WORKER)).isZero();
    assertThat(turn(1, 1).compilerShare()).isEqualTo(0.25);
  }

  @Test
  void eachObjectIsVisitedOnce() throws IOException, InterruptedException {
    Turn turn = Turn.each(100, 4, Map.of(), object -> object);
    assertThat(turn.objects()).isEqualTo(100);
    assertThat(turn.bytes()).isEqualTo(99 * 100 / 2);
    assertThat(turn.latency().getTotalCount()).isEqualTo(100);
  }

  @Test
  void aFailureOfOneIsThatOfAll() {
    assertThatThrownBy(
            () ->
                Turn.each(
                    100,
                    4,
                    Map.of(),
                    object -> {
                      if (object == 50) {
                        throw new IOException("no fifty");
                      }
                      return 1;
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no fifty");
  }
}
