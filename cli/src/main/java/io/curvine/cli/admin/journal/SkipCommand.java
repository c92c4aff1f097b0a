/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.CliException;
import io.curvine.master.tool.JournalRepair;
import io.curvine.master.tool.Restore;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin journal skip}. */
@Command(
    name = "skip",
    description = {
      "A last resort: pass over events that cannot be read, as if they had changed nothing, and keep",
      "those behind them. Where a state has them already none is lost. The new journal begins at its",
      "end. The result is a new cluster; what was in the directory is put aside inside of it. Shows its",
      "plan, and does nothing without --yes."
    },
    mixinStandardHelpOptions = true)
public final class SkipCommand extends RepairAction {
  @Option(
      names = "--from",
      paramLabel = "OFFSET",
      required = true,
      description = "The first event that is passed over.")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "OFFSET",
      description = "The first that is not. Default: only one is.")
  private Long to;

  @Override
  JournalRepair.Plan plan(JournalRepair repair) throws IOException {
    return repair.planSkip(from, after());
  }

  @Override
  Restore.Outcome repair(JournalRepair repair) throws IOException {
    try {
      return repair.skip(from, after());
    } catch (IllegalStateException e) {
      throw new CliException(
          e.getMessage()
              + "; nothing was changed. Skip that event too, or 'journal truncate' at "
              + from,
          e);
    }
  }

  private long after() {
    return to == null ? from + 1 : to;
  }
}
