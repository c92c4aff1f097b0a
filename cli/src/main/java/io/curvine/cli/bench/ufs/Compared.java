/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The same work done by Curvine and directly, in turn. Immutable.
 *
 * @param name of the work
 * @param open objects under way at a time
 */
record Compared(String name, int open, List<Round> rounds) {
  /** One turn of each. */
  record Round(Turn curvine, Turn direct) {
    /** Of speeds: more is better. */
    double ratio() {
      return curvine.mibPerSecond() / direct.mibPerSecond();
    }

    /** Of median latencies: less is better. */
    double latencyRatio() {
      return curvine.millis(50) / direct.millis(50);
    }
  }

  Compared {
    rounds = List.copyOf(rounds);
  }

  private Round median() {
    List<Round> sorted = new ArrayList<>(rounds);
    sorted.sort(Comparator.comparingDouble(Round::ratio));
    return sorted.get(sorted.size() / 2);
  }

  private double least() {
    return rounds.stream().mapToDouble(Round::ratio).min().orElse(0);
  }

  private double most() {
    return rounds.stream().mapToDouble(Round::ratio).max().orElse(0);
  }

  double ratio() {
    return median().ratio();
  }

  String line() {
    return String.format(
        Locale.ROOT, "%s: %.2f of direct (%.2f to %.2f)", name, ratio(), least(), most());
  }

  static String render(List<Compared> all) {
    Table table =
        new Table(
            "OBJECTS",
            ">OPEN",
            "BY",
            ">OBJECTS/S",
            ">MIB/S",
            ">P50 MS",
            ">P99 MS",
            ">CPU US/OBJECT",
            ">CLIENT",
            ">WORKER",
            ">MASTERS",
            ">SERVER",
            ">COMPILERS",
            ">RATIO",
            ">LEAST",
            ">MOST");
    for (Compared each : all) {
      Round median = each.median();
      each.row(
          table, each.name, "curvine", median.curvine, each.ratio(), each.least(), each.most());
      each.row(table, "", "direct", median.direct, 1, 1, 1);
    }
    return table.render();
  }

  private void row(
      Table table, String what, String by, Turn turn, double ratio, double least, double most) {
    boolean timed = turn.latency().getTotalCount() > 0;
    table.row(
        what,
        open,
        by,
        format("%,.1f", turn.objectsPerSecond()),
        format("%,.1f", turn.mibPerSecond()),
        timed ? format("%,.2f", turn.millis(50)) : "-",
        timed ? format("%,.2f", turn.millis(99)) : "-",
        format("%,.0f", turn.cpuMicrosPerObject()),
        format("%,.0f", turn.cpuMicrosPerObject(UfsBed.CLIENT)),
        format("%,.0f", turn.cpuMicrosPerObject(UfsBed.WORKER)),
        format("%,.0f", turn.cpuMicrosPerObject(UfsBed.MASTERS)),
        format("%,.0f", turn.cpuMicrosPerObject(UfsBed.SERVER)),
        format("%.0f%%", 100 * turn.compilerShare()),
        format("%.2f", ratio),
        format("%.2f", least),
        format("%.2f", most));
  }

  static ArrayNode toJson(List<Compared> all) {
    ArrayNode json = Json.array();
    for (Compared each : all) {
      ObjectNode row =
          json.addObject()
              .put("name", each.name)
              .put("open", each.open)
              .put("ratio", each.ratio())
              .put("ratioLeast", each.least())
              .put("ratioMost", each.most())
              .put("latencyRatio", each.ofMedian(Round::latencyRatio));
      row.set("curvine", each.median().curvine.toJson("objects"));
      row.set("direct", each.median().direct.toJson("objects"));
    }
    return json;
  }

  private double ofMedian(ToDoubleFunction<Round> figure) {
    return median().curvine.latency().getTotalCount() == 0 ? 0 : figure.applyAsDouble(median());
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
