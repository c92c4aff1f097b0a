/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The rows for people. Stateless. */
final class RowTable {
  private static final String NONE = "-";

  private RowTable() {}

  static String render(List<Row> rows) {
    Table table =
        new Table(
            "STAGE",
            ">OPEN",
            ">OPS/S",
            ">P50 MS",
            ">P90",
            ">P99",
            ">P99.9",
            ">MAX",
            ">FAILED",
            ">OF ECHO",
            ">CPU US/OP",
            ">LEADER",
            ">FOLLOWERS",
            ">CLIENTS",
            "NOTE");
    for (Row row : rows) {
      table.row(
          row.name(),
          row.opened(),
          String.format(Locale.ROOT, "%,.0f", row.perSecond()),
          percentile(row, 50),
          percentile(row, 90),
          percentile(row, 99),
          percentile(row, 99.9),
          row.figures().calls() == 0 ? NONE : millis(row.figures().latency().getMaxValue()),
          row.failed(),
          row.compared().echoPerSecond() > 0
              ? String.format(Locale.ROOT, "%.2f", row.perSecond() / row.compared().echoPerSecond())
              : NONE,
          perOperation(row, row.cpu().total()),
          perOperation(row, row.cpu().leader()),
          perOperation(row, row.cpu().followers()),
          perOperation(row, row.cpu().ofClients()),
          row.note());
    }
    return table.render();
  }

  private static String percentile(Row row, double percentile) {
    return row.figures().calls() == 0
        ? NONE
        : millis(row.figures().latency().getValueAtPercentile(percentile));
  }

  /** Three digits that say something. */
  static String millis(long nanos) {
    double millis = nanos / 1e6;
    return String.format(Locale.ROOT, digits(millis), millis);
  }

  private static String perOperation(Row row, OptionalDouble micros) {
    if (micros.isEmpty() || row.figures().operations() == 0) {
      return NONE;
    }
    double each = micros.getAsDouble() / row.figures().operations();
    return String.format(Locale.ROOT, each < 10 ? "%.1f" : "%,.0f", each);
  }

  private static String digits(double value) {
    if (value < 1) {
      return "%.3f";
    }
    return value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
  }
}
