/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.data.DataCase.Comparison;
import io.curvine.cli.output.Json;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * One line of the result. Immutable.
 *
 * @param limit measured just before it; empty: it is a limit itself
 */
record DataRow(DataCase kind, int threads, Sample sample, Optional<Sample> limit) {
  private static final double GIB = 1 << 30;

  /**
   * One measurement.
   *
   * @param clientMicros processor time of the client's process
   * @param serverMicros of the processes at the other end
   */
  record Sample(DataFigures figures, double clientMicros, double serverMicros) {
    double clientMillisPerGib() {
      return perGib(clientMicros);
    }

    double serverMillisPerGib() {
      return perGib(serverMicros);
    }

    private double perGib(double micros) {
      return figures.bytes() == 0 ? 0 : micros / 1e3 / (figures.bytes() / GIB);
    }

    private ObjectNode toJson() {
      Histogram latency = figures.latency();
      ObjectNode json =
          Json.object()
              .put("bytes", figures.bytes())
              .put("seconds", figures.seconds())
              .put("mibPerSecond", figures.mibPerSecond())
              .put("clientCpuMillisPerGib", clientMillisPerGib())
              .put("serverCpuMillisPerGib", serverMillisPerGib());
      ObjectNode micros = json.putObject("latencyMicros");
      micros.put("p50", latency.getValueAtPercentile(50) / 1e3);
      micros.put("p99", latency.getValueAtPercentile(99) / 1e3);
      micros.put("max", latency.getMaxValue() / 1e3);
      return json;
    }
  }

  /** To the limit; 0: it is one itself. */
  double ratio() {
    if (limit.isEmpty()) {
      return 0;
    }
    DataFigures theirs = limit.get().figures();
    return kind.comparison().orElseThrow().latency()
        ? sample.figures.medianMicros() / theirs.medianMicros()
        : sample.figures.mibPerSecond() / theirs.mibPerSecond();
  }

  /** The ratio is what was aimed at. */
  boolean reached() {
    Comparison to = kind.comparison().orElseThrow();
    return to.latency() ? ratio() <= to.goal() : ratio() >= to.goal();
  }

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("case", kind.word())
            .put("threads", threads)
            .put("requestBytes", kind.requestBytes());
    json.set("measured", sample.toJson());
    limit.ifPresent(
        each -> {
          Comparison to = kind.comparison().orElseThrow();
          json.put("limit", to.limit().word()).put("ratio", ratio()).put("goal", to.goal());
          json.put("ratioOf", to.latency() ? "latency" : "throughput").put("reached", reached());
          json.set("limitMeasured", each.toJson());
        });
    return json;
  }
}
