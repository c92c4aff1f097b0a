/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.curvine.cli.bench.Histograms;
import io.curvine.cli.bench.data.DataRow.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class DataRowTest {
  private static Sample sample(long mebibytes, long latencyMicros) {
    Histogram latency = Histograms.ofNanos();
    latency.recordValue(latencyMicros * 1000);
    return new Sample(new DataFigures(mebibytes << 20, 1, latency), 1e6, 2e6);
  }

  @Test
  void throughputIsComparedWithThatOfTheLimit() {
    DataRow row = new DataRow(DataCase.READ, 4, sample(950, 1), Optional.of(sample(1000, 1)));
    assertThat(row.ratio()).isCloseTo(0.95, within(1e-6));
    assertThat(row.reached()).isTrue();
    assertThat(
            new DataRow(DataCase.READ, 4, sample(890, 1), Optional.of(sample(1000, 1))).reached())
        .isFalse();
  }

  @Test
  void smallReadsAreComparedByTheirLatencies() {
    DataRow row = new DataRow(DataCase.READ_SMALL, 1, sample(1, 30), Optional.of(sample(99, 20)));
    assertThat(row.ratio()).isCloseTo(1.5, within(0.01));
    assertThat(
            new DataRow(DataCase.READ_SMALL, 1, sample(1, 40), Optional.of(sample(99, 20)))
                .reached())
        .isFalse();
  }

  @Test
  void processorTimeIsThatOfAGibibyte() {
    Sample sample = sample(512, 1);
    assertThat(sample.clientMillisPerGib()).isCloseTo(2_000, within(1e-6));
    assertThat(sample.serverMillisPerGib()).isCloseTo(4_000, within(1e-6));
  }

  @Test
  void aRowIsShownAndWrittenWithItsLimit() {
    DataRow row = new DataRow(DataCase.READ, 4, sample(950, 1), Optional.of(sample(1000, 1)));
    assertThat(DataTable.render(List.of(row))).contains("sequential read", "0.95", "min 0.90");
    assertThat(row.toJson().get("limit").asText()).isEqualTo("sendfile");
    assertThat(row.toJson().get("reached").asBoolean()).isTrue();
    DataRow limit = new DataRow(DataCase.PREAD, 1, sample(1, 1), Optional.empty());
    assertThat(limit.toJson().has("limit")).isFalse();
  }

  @Test
  void everyCaseHasAWordAndEveryLimitIsNoneOfOurs() {
    for (DataCase each : DataCase.values()) {
      assertThat(DataCase.parse(each.word())).isEqualTo(each);
      each.comparison().ifPresent(to -> assertThat(DataCase.ours()).doesNotContain(to.limit()));
    }
    assertThatThrownBy(() -> DataCase.parse("reed"))
        .hasMessageContaining("case 'reed' is not known; allowed: pread, ");
  }

  @Test
  void aPlanThatCannotBeMeantIsRefused() {
    assertRefused(() -> plan(List.of(DataCase.PREAD), 64 << 20, 1), "--cases has pread");
    assertRefused(() -> plan(DataCase.ours(), 100 << 20, 1), "--size is 104857600 bytes");
    assertRefused(() -> plan(DataCase.ours(), 2L << 30, 1), "64MiB to 1GiB");
    assertRefused(() -> plan(DataCase.ours(), 64 << 20, 0), "--rounds is 0; allowed: 1 to 99");
  }

  private static void assertRefused(Runnable plan, String message) {
    assertThatThrownBy(plan::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static DataPlan plan(List<DataCase> cases, long size, int rounds) {
    return new DataPlan(cases, size, rounds, 8, Duration.ZERO, Duration.ofSeconds(1));
  }
}
