/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.fuse.FuseCase.Goal;
import io.curvine.cli.bench.ufs.Turn;
import io.curvine.cli.output.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A case that was measured, or was not. Immutable.
 *
 * @param name of the work
 * @param jobs threads that did it at a time
 * @param rounds empty where it was not measured
 * @param note why it was not, or what to know of it; may be empty
 */
record FuseRow(FuseCase kind, String name, int jobs, List<Round> rounds, String note) {
  /** One turn of each, one after the other. */
  record Round(Turn mount, Turn other) {
    /** Of times where the goal is one of times, else of operations a second. */
    double ratio(Goal goal) {
      return goal.ofTimes()
          ? (double) mount.nanos() / other.nanos()
          : mount.objectsPerSecond() / other.objectsPerSecond();
    }
  }

  FuseRow {
    rounds = List.copyOf(rounds);
  }

  /** One that was not measured. */
  static FuseRow skipped(FuseCase kind, String why) {
    return new FuseRow(kind, kind.word(), 1, List.of(), "skipped: " + why);
  }

  boolean measured() {
    return !rounds.isEmpty();
  }

  private List<Round> sorted() {
    List<Round> sorted = new ArrayList<>(rounds);
    sorted.sort(Comparator.comparingDouble(round -> round.ratio(kind.goal())));
    return sorted;
  }

  /** The round with the median ratio. */
  Round median() {
    return sorted().get(rounds.size() / 2);
  }

  double ratio() {
    return median().ratio(kind.goal());
  }

  double least() {
    return sorted().get(0).ratio(kind.goal());
  }

  double most() {
    return sorted().get(rounds.size() - 1).ratio(kind.goal());
  }

  /** Whether the goal was reached, by the median. */
  boolean reached() {
    return kind.goal().ofTimes() ? ratio() <= kind.goal().ratio() : ratio() >= kind.goal().ratio();
  }

  /** For those who wait. */
  String line() {
    return measured()
        ? String.format(
            Locale.ROOT,
            "%s, %s: %.2f of %s (%.2f to %.2f)",
            name,
            jobs == 1 ? "1 job" : jobs + " jobs",
            ratio(),
            kind.against().word(),
            least(),
            most())
        : name + " " + note;
  }

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("case", kind.word())
            .put("name", name)
            .put("jobs", jobs)
            .put("against", kind.against().word())
            .put("goal", kind.goal().ratio())
            .put("goalOfTimes", kind.goal().ofTimes())
            .put("note", note);
    if (measured()) {
      json.put("ratio", ratio())
          .put("ratioLeast", least())
          .put("ratioMost", most())
          .put("reached", reached());
      json.set("mount", median().mount().toJson("operations"));
      json.set("other", median().other().toJson("operations"));
    }
    return json;
  }
}
