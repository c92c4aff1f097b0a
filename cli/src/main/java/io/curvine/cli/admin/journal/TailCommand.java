/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import io.curvine.cli.Action;
import io.curvine.journal.tool.JournalFilter;
import io.curvine.journal.tool.JournalScan;
import io.curvine.journal.tool.JournalSource;
import io.curvine.journal.tool.RawBatch;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curvine-admin journal tail}. */
@Command(
    name = "tail",
    description = {
      "Print the newest events as 'dump' does; with -f: also those that come, until it is ended. It",
      "goes on at another master where the one that it reads from goes away."
    },
    mixinStandardHelpOptions = true)
public final class TailCommand extends Action {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with the events that come.")
  private boolean follow;

  @Option(
      names = {"-n", "--events"},
      paramLabel = "N",
      defaultValue = "10",
      description =
          "So many of the newest events; of them, those that fit. Default: ${DEFAULT-VALUE}.")
  private long events;

  @Option(names = "--verbose", description = "As for 'dump'.")
  private boolean verbose;

  @Override
  protected void run() throws IOException {
    if (events < 0) {
      throw usage("-n is " + events + "; allowed: 0 or more");
    }
    if (follow && !source.isLive()) {
      throw usage("-f follows the cluster; allowed: without --data-dir and --file");
    }
    JournalFilter wanted = filter.filter(JournalFilter.ALL);
    EventPrinter printer =
        new EventPrinter(
            out(),
            new EventLine(global().json() ? Ansi.OFF : Ansi.AUTO, verbose),
            global().json(),
            this::problem);
    if (follow) {
      try (LiveSource live = source.openLive(global())) {
        JournalSource.Range range = live.range();
        follow(live, wanted.from(Math.max(range.first(), range.next() - events)), printer);
      }
      return;
    }
    try (JournalSource journal = source.open(global())) {
      JournalSource.Range range = journal.range();
      long from = Math.max(range.first(), range.next() - events);
      long unused = JournalScan.run(journal, wanted.from(from), printer);
    }
  }

  /** Ends where nobody reads what is printed, or with the process. */
  private static void follow(LiveSource live, JournalFilter wanted, EventPrinter printer)
      throws IOException {
    try (JournalSource.BatchReader reader = live.follow(wanted.fromOffset())) {
      while (printer.isRead()) {
        Optional<RawBatch> batch = reader.next();
        if (batch.isPresent() && !JournalScan.batch(batch.get(), wanted, printer)) {
          return;
        }
      }
    }
  }
}
