/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.curvine.cli.bench.Histograms;
import io.curvine.cli.bench.fuse.FuseRow.Round;
import io.curvine.cli.bench.ufs.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FuseRowTest {
  private static final Offset<Double> EXACT = within(1e-9);

  private static Turn turn(long operations, long millis) {
    return new Turn(
        operations, 0, millis * 1_000_000, Histograms.ofNanos(), Map.of("client", 1.0), 0);
  }

  private static FuseRow row(FuseCase kind, Round... rounds) {
    return new FuseRow(kind, "work", 4, List.of(rounds), "");
  }

  @Test
  void ratesAreComparedByRateAndTheMedianCounts() {
    FuseRow row =
        row(
            FuseCase.STAT,
            new Round(turn(300, 1_000), turn(1_000, 1_000)),
            new Round(turn(900, 1_000), turn(1_000, 1_000)),
            new Round(turn(600, 1_000), turn(1_000, 1_000)));
    assertThat(row.ratio()).isCloseTo(0.6, EXACT);
    assertThat(row.least()).isCloseTo(0.3, EXACT);
    assertThat(row.most()).isCloseTo(0.9, EXACT);
    assertThat(row.reached()).isTrue();
    assertThat(row.line()).isEqualTo("work, 4 jobs: 0.60 of null (0.30 to 0.90)");
  }

  @Test
  void timesAreComparedByTimeAndLessIsBetter() {
    FuseRow row = row(FuseCase.LIST, new Round(turn(1, 3_500), turn(1, 1_000)));
    assertThat(row.ratio()).isCloseTo(3.5, EXACT);
    assertThat(row.reached()).isFalse();
    assertThat(FuseTable.render(List.of(row))).contains("at most 3.00, missed");
  }

  @Test
  void whatWasNotMeasuredSaysWhy() {
    FuseRow row = FuseRow.skipped(FuseCase.CLONE, "there is no git in PATH");
    assertThat(row.toJson().has("ratio")).isFalse();
    assertThat(FuseTable.render(List.of(row))).contains("skipped: there is no git in PATH");
  }

  @Test
  void jobsReadPartsOfTheirOwnRoundAndRound() {
    LongSupplier second = DataFile.sequential(16, 2, 1, 4);
    assertThat(second.getAsLong()).isEqualTo(4);
    assertThat(second.getAsLong()).isEqualTo(6);
    assertThat(second.getAsLong()).isEqualTo(4);
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertThatThrownBy(() -> FuseCase.parse("read,wrong"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'wrong'")
        .hasMessageContaining("read-random");
    assertThatThrownBy(() -> new FusePlan.Sizes(5 << 20, 1, 1, 1, 1))
        .hasMessageContaining("--size is 5242880 bytes")
        .hasMessageContaining("4 MiB");
    assertThatThrownBy(() -> new FusePlan.Sizes(4 << 20, 0, 1, 1, 1))
        .hasMessageContaining("--files is 0");
    FusePlan.Sizes sizes = new FusePlan.Sizes(4 << 20, 1, 1, 1, 1);
    assertThatThrownBy(() -> new FusePlan(List.of(), 0, 0, Duration.ofSeconds(1), sizes))
        .hasMessageContaining("--rounds is 0");
  }
}
