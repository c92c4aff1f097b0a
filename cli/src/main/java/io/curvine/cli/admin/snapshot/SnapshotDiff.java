/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.StateDiff;
import io.curvine.master.tool.StatePlace;
import io.curvine.master.tool.StateSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin snapshot diff}. */
@Command(
    name = "diff",
    description = {
      "Name the entries that were added, removed, renamed or changed between states. The exit code",
      "is 1 where there are any, or a family has more keys in one of them."
    },
    mixinStandardHelpOptions = true)
public final class SnapshotDiff extends Action {
  @Parameters(index = "0", paramLabel = "BEFORE", description = "As 'snapshot inspect' takes it.")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER")
  private Path after;

  @Override
  protected void run() throws IOException {
    try (StatePlace placeA = StatePlace.open(before);
        StatePlace placeB = StatePlace.open(after);
        StateStore storeA = placeA.openState();
        StateStore storeB = placeB.openState();
        FrozenState a = storeA.freeze();
        FrozenState b = storeB.freeze()) {
      show(StateDiff.of(a, b), StateSummary.families(a), StateSummary.families(b));
    }
  }

  private void show(
      List<StateDiff.Entry> entries, List<StateSummary.Family> inA, List<StateSummary.Family> inB) {
    ObjectNode json = Json.object();
    ArrayNode differing = json.putArray("entries");
    Table names = new Table("WHAT", ">INODE", "PATH", "DETAIL");
    for (StateDiff.Entry entry : entries) {
      String kind = entry.kind().name().toLowerCase(Locale.ROOT);
      ArrayNode fields =
          differing
              .addObject()
              .put("kind", kind)
              .put("path", entry.path())
              .put("from", entry.from())
              .put("inode", entry.inode())
              .putArray("fields");
      entry.fields().forEach(fields::add);
      names.row(
          kind,
          entry.inode(),
          entry.path(),
          (entry.from().isEmpty() ? "" : "was " + entry.from() + " ")
              + String.join(", ", entry.fields()));
    }
    ArrayNode counts = json.putArray("families");
    Table families = new Table("FAMILY", ">BEFORE", ">AFTER");
    boolean differ = false;
    for (int i = 0; i < inA.size(); i++) {
      differ |= inA.get(i).keys() != inB.get(i).keys();
      counts
          .addObject()
          .put("family", inA.get(i).family().storedName())
          .put("keysBefore", inA.get(i).keys())
          .put("keysAfter", inB.get(i).keys());
      families.row(inA.get(i).family(), inA.get(i).keys(), inB.get(i).keys());
    }
    print(json, names.render() + "\n" + families.render());
    if (!entries.isEmpty() || differ) {
      problem(new CliException("they differ: " + entries.size() + " entries, see above"));
    }
  }
}
