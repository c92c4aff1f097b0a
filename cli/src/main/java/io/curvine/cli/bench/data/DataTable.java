/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.cli.bench.data.DataCase.Comparison;
import io.curvine.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rows for people. Stateless. */
final class DataTable {
  private static final String NONE = "-";

  private DataTable() {}

  static String render(List<DataRow> rows) {
    Table table =
        new Table(
            "CASE",
            ">THREADS",
            ">KIB",
            ">MIB/S",
            ">P50 US",
            ">P99 US",
            ">CLIENT MS/GIB",
            ">SERVER MS/GIB",
            "LIMIT",
            ">ITS MIB/S",
            ">ITS P50 US",
            ">OF LIMIT",
            ">GOAL");
    for (DataRow row : rows) {
      DataFigures figures = row.sample().figures();
      Optional<DataFigures> limit = row.limit().map(DataRow.Sample::figures);
      Optional<Comparison> to = row.kind().comparison();
      table.row(
          row.kind().description(),
          row.threads(),
          row.kind().requestBytes() >> 10,
          number(figures.mibPerSecond()),
          number(figures.medianMicros()),
          number(figures.latency().getValueAtPercentile(99) / 1e3),
          number(row.sample().clientMillisPerGib()),
          number(row.sample().serverMillisPerGib()),
          to.map(each -> each.limit().word()).orElse(NONE),
          limit.map(each -> number(each.mibPerSecond())).orElse(NONE),
          limit.map(each -> number(each.medianMicros())).orElse(NONE),
          limit.map(each -> format("%.2f", row.ratio())).orElse(NONE),
          to.map(DataTable::goal).orElse(NONE));
    }
    return table.render();
  }

  private static String goal(Comparison to) {
    return (to.latency() ? "max " : "min ") + format("%.2f", to.goal());
  }

  private static String number(double value) {
    return format(value < 10 ? "%.1f" : "%,.0f", value);
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
