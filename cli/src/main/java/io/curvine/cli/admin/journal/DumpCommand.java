/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.Action;
import io.curvine.journal.tool.JournalFilter;
import io.curvine.journal.tool.JournalScan;
import io.curvine.journal.tool.JournalSource;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curvine-admin journal dump}. */
@Command(
    name = "dump",
    description = {
      "Print events, one a line: offset, time, type, path (where it was -> where it is), who caused it,",
      "details. With --json: an object a line. Damaged batches are told, and the exit code is 1 then."
    },
    mixinStandardHelpOptions = true)
public final class DumpCommand extends Action {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private RangeOptions range = new RangeOptions();
  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--verbose",
      description =
          "With a heading, term and index of the Raft log, and the state of the checksum.")
  private boolean verbose;

  @Override
  protected void run() throws IOException {
    JournalFilter wanted = filter.filter(range.filter());
    try (JournalSource journal = source.open(global())) {
      JournalSource.Range there = journal.range();
      if (range.from() != null && range.from() < there.first()) {
        err()
            .println(
                "curvine-admin: "
                    + journal.name()
                    + " begins with offset "
                    + there.first()
                    + "; earlier events are not kept");
      }
      EventLine line = new EventLine(Ansi.OFF, verbose);
      if (verbose && !global().json()) {
        out().println(line.heading());
      }
      long end =
          JournalScan.run(
              journal, wanted, new EventPrinter(out(), line, global().json(), this::problem));
      if (global().debug()) {
        err().println("curvine-admin: read up to offset " + end);
      }
    }
  }
}
