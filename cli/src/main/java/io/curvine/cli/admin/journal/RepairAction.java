/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.master.tool.JournalRepair;
import io.curvine.master.tool.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Option;

/** A command that changes a journal: its plan is shown first, and it does nothing without --yes. */
abstract class RepairAction extends Action {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      required = true,
      description = "Of a master that is stopped.")
  private Path dataDir;

  @Option(names = "--yes", description = "Do it. Without it only the plan is shown.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only show the plan, whatever else is given.")
  private boolean dryRun;

  abstract JournalRepair.Plan plan(JournalRepair repair) throws IOException;

  abstract Restore.Outcome repair(JournalRepair repair) throws IOException;

  @Override
  protected final void run() throws IOException {
    JournalRepair repair = new JournalRepair(dataDir, Clock.systemUTC(), new FoldProgress(err()));
    JournalRepair.Plan plan = plan(repair);
    ObjectNode json = json(plan);
    if (dryRun || !yes) {
      print(json.put("done", false), text(plan) + "nothing was changed; --yes does it\n");
      return;
    }
    err().print(text(plan));
    err().flush();
    Restore.Outcome outcome = repair(repair);
    json.put("done", true)
        .put("clusterId", outcome.clusterId())
        .put("inodes", outcome.inodes())
        .put("backup", outcome.backup().toString());
    print(
        json,
        String.format(
            "%s is the first master of the new cluster %s, with %d inodes; what was there is in %s%n"
                + "'curvine-admin fsck %s' says whether its state is whole%n",
            dataDir, outcome.clusterId(), outcome.inodes(), outcome.backup(), dataDir));
  }

  private static ObjectNode json(JournalRepair.Plan plan) {
    return Json.object()
        .put("base", plan.base())
        .put("fromOffset", plan.fromOffset())
        .put("eventsToFold", plan.events())
        .put("offset", plan.offset())
        .put("eventsLost", plan.lost())
        .put("lostFrom", plan.lostFrom() == null ? "" : plan.lostFrom().toString());
  }

  private String text(JournalRepair.Plan plan) {
    return String.format(
        "from %s at offset %d, with %d events more, to offset %d%n"
            + "%d events are lost%s%n"
            + "%s becomes the first master of a new cluster: start it alone, add others with --join;"
            + " workers begin with empty directories%n",
        plan.base(),
        plan.fromOffset(),
        plan.events(),
        plan.offset(),
        plan.lost(),
        plan.lostFrom() == null ? "" : ", the first of " + plan.lostFrom(),
        dataDir);
  }
}
