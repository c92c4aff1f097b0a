/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.fuse.FuseCase.Goal;
import io.curvine.cli.bench.ufs.Turn;
import io.curvine.cli.output.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The rows for people: a line for the mount, and one for what it is compared with. Stateless. */
final class FuseTable {
  private static final String NONE = "-";
  private static final String[] HEADINGS = {
    "CASE",
    ">JOBS",
    "BY",
    ">OPS/S",
    ">MIB/S",
    ">P50 MS",
    ">P99 MS",
    ">CPU US/OP",
    ">CLIENT",
    ">MOUNT",
    ">WORKER",
    ">MASTERS",
    ">COMPILERS",
    ">RATIO",
    ">LEAST",
    ">MOST",
    "GOAL",
    "NOTE"
  };

  private FuseTable() {}

  static String render(List<FuseRow> rows) {
    Table table = new Table(HEADINGS);
    for (FuseRow row : rows) {
      if (row.measured()) {
        String[] ratios = {number(row.ratio()), number(row.least()), number(row.most())};
        line(table, row, "mount", row.median().mount(), ratios, goal(row));
        line(table, row, row.kind().against().word(), row.median().other(), ratios, null);
      } else {
        Object[] cells = new Object[HEADINGS.length];
        Arrays.fill(cells, NONE);
        cells[0] = row.name();
        cells[cells.length - 2] = goal(row);
        cells[cells.length - 1] = row.note();
        table.row(cells);
      }
    }
    return table.render();
  }

  private static void line(
      Table table, FuseRow row, String by, Turn turn, String[] ratios, String goal) {
    boolean first = goal != null;
    boolean timed = turn.latency().getTotalCount() > 0;
    table.row(
        first ? row.name() : "",
        row.jobs(),
        by,
        turn.objectsPerSecond() < 10
            ? number(turn.objectsPerSecond())
            : format("%,.0f", turn.objectsPerSecond()),
        turn.bytes() > 0 ? format("%,.1f", turn.mibPerSecond()) : NONE,
        timed ? format("%,.3f", turn.millis(50)) : NONE,
        timed ? format("%,.3f", turn.millis(99)) : NONE,
        format("%,.0f", turn.cpuMicrosPerObject()),
        used(turn, FuseBed.CLIENT),
        used(turn, FuseBed.MOUNT),
        used(turn, FuseBed.WORKER),
        used(turn, FuseBed.MASTERS),
        format("%.0f%%", 100 * turn.compilerShare()),
        first ? ratios[0] : "1.00",
        first ? ratios[1] : "",
        first ? ratios[2] : "",
        first ? goal : "",
        first ? row.note() : "");
  }

  private static String used(Turn turn, String role) {
    return turn.cpuMillis().containsKey(role)
        ? format("%,.0f", turn.cpuMicrosPerObject(role))
        : NONE;
  }

  private static String goal(FuseRow row) {
    Goal goal = row.kind().goal();
    String text = (goal.ofTimes() ? "at most " : "at least ") + number(goal.ratio());
    return row.measured() && !row.reached() ? text + ", missed" : text;
  }

  private static String number(double value) {
    return format("%.2f", value);
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
