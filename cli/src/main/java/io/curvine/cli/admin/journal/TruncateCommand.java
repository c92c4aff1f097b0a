/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.master.tool.JournalRepair;
import io.curvine.master.tool.Restore;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin journal truncate}. */
@Command(
    name = "truncate",
    description = {
      "A last resort: take back everything at and past an offset, where the journal cannot be read",
      "there and no other master has it. The result is a new cluster; what was in the directory is",
      "put aside inside of it. Shows its plan, and does nothing without --yes."
    },
    mixinStandardHelpOptions = true)
public final class TruncateCommand extends RepairAction {
  @Option(
      names = "--to",
      paramLabel = "OFFSET",
      required = true,
      description = "The first event that goes.")
  private long to;

  @Override
  JournalRepair.Plan plan(JournalRepair repair) throws IOException {
    return repair.planTruncate(to);
  }

  @Override
  Restore.Outcome repair(JournalRepair repair) throws IOException {
    return repair.truncate(to);
  }
}
