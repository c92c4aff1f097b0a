/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.master.tool.ReplaySources;
import io.curvine.master.tool.Replayed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin journal replay}. */
@Command(
    name = "replay",
    description = {
      "Make the state at an offset or a time by folding the journal, from the nearest snapshot.",
      "'snapshot inspect', 'snapshot restore', 'state hash' and 'db' take the result."
    },
    mixinStandardHelpOptions = true)
public final class JournalReplay extends Action {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  @Parameters(
      paramLabel = "DIR",
      description = "A stopped master's data directory, a snapshot, or a journal.")
  private Path source;

  @Option(
      names = "--to",
      paramLabel = "OFFSET|TIME",
      description =
          "The state has the events below this offset, or up to this time"
              + " (2026-01-31T23:59:59Z); else all there are.")
  private String to;

  @Option(names = "--into", paramLabel = "DIR", required = true, description = "A new directory.")
  private Path into;

  @Option(names = "--from-start", description = "From the first event, not from a snapshot.")
  private boolean fromStart;

  @Override
  protected void run() throws IOException {
    try (ReplaySources sources = ReplaySources.of(source)) {
      Instant now = Instant.now();
      Replayed.Outcome outcome =
          Replayed.make(
              sources,
              target(sources),
              fromStart,
              into,
              TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(),
              new FoldProgress(err()));
      double perSecond = outcome.events() * NANOS_PER_SECOND / Math.max(1, outcome.nanos());
      ObjectNode json =
          Json.object()
              .put("directory", into.toString())
              .put("base", outcome.base())
              .put("fromOffset", outcome.fromOffset())
              .put("offset", outcome.offset())
              .put("events", outcome.events())
              .put("seconds", outcome.nanos() / NANOS_PER_SECOND)
              .put("eventsPerSecond", Math.round(perSecond))
              .put("chainHash", outcome.chainHash());
      print(
          json,
          String.format(
              Locale.ROOT,
              "%s is the state at offset %d: %s and %d events, %.0f a second%n",
              into,
              outcome.offset(),
              outcome.base(),
              outcome.events(),
              perSecond));
    }
  }

  private long target(ReplaySources sources) throws IOException {
    if (to == null) {
      return sources.end();
    }
    if (to.matches("\\d{1,18}")) {
      return Long.parseLong(to);
    }
    try {
      Instant time = Instant.parse(to);
      return sources.offsetAfter(
          Math.addExact(
              Math.multiplyExact(time.getEpochSecond(), TimeUnit.SECONDS.toNanos(1)),
              time.getNano()));
    } catch (DateTimeException | ArithmeticException e) {
      throw usage("--to is '" + to + "'; allowed: an offset, or a time as 2026-01-31T23:59:59Z");
    }
  }
}
