/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.tool.FileSource;
import io.curvine.journal.tool.JournalDiff;
import io.curvine.journal.tool.JournalSource;
import io.curvine.journal.tool.LoggedEvent;
import io.curvine.journal.tool.ScannedEvent;
import io.curvine.master.tool.JournalPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin journal diff}. */
@Command(
    name = "diff",
    description = {
      "Find the first event at which two journals differ. The exit code is 1 where they do; one that only",
      "ends earlier does not. The hashes in the batches are believed: 'verify' checks those."
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand extends Action {
  @Parameters(
      index = "0",
      paramLabel = "A",
      description =
          "A data directory, a snapshot, a directory of segments, a segment, or the id of a master.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "The same.")
  private String b;

  @Override
  protected void run() throws IOException {
    try (JournalSource one = open(a);
        JournalSource other = open(b)) {
      JournalDiff.Result result = JournalDiff.compare(one, other);
      ObjectNode json = json(result);
      print(json, sentence(result) + "\n" + event("A", result.inA()) + event("B", result.inB()));
      if (result.outcome() != JournalDiff.Outcome.EQUAL) {
        problem(new CliException(sentence(result)));
      }
    }
  }

  private JournalSource open(String name) throws IOException {
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      return FileSource.directory(JournalPlace.of(path).journal());
    }
    if (Files.exists(path)) {
      return FileSource.file(path);
    }
    if (name.contains("/")) {
      throw new CliException(
          name + " is not there; allowed: a directory, a segment file, or the id of a master");
    }
    return LiveSource.open(global(), Optional.of(name));
  }

  private static String sentence(JournalDiff.Result result) {
    return switch (result.outcome()) {
      case EQUAL ->
          "A ends at "
              + result.a().next()
              + ", B at "
              + result.b().next()
              + "; equal until "
              + (result.a().next() == result.b().next() ? "there" : result.offset());
      case DIFFERENT -> "A and B differ at offset " + result.offset();
      case DIFFERENT_BEFORE ->
          "A and B differ before offset "
              + result.offset()
              + ", the oldest that both have: the event is not kept any more";
      case APART ->
          "A and B have no offset in common: A has "
              + range(result.a())
              + ", B has "
              + range(result.b());
    };
  }

  private static String range(JournalSource.Range range) {
    return range.first() == range.next() ? "no event" : range.first() + " to " + (range.next() - 1);
  }

  private static String event(String name, Optional<LoggedEvent> event) throws IOException {
    return event.isEmpty()
        ? ""
        : name + ": " + new EventLine(Ansi.OFF, false).of(scanned(event.get())) + "\n";
  }

  private static ScannedEvent scanned(LoggedEvent event) throws IOException {
    return new ScannedEvent(
        event.offset(), event.parse(), event.bytes().size(), RaftPlace.UNKNOWN, true);
  }

  private static ObjectNode json(JournalDiff.Result result) throws IOException {
    ObjectNode json =
        Json.object().put("outcome", result.outcome().name()).put("offset", result.offset());
    json.putObject("a").put("first", result.a().first()).put("next", result.a().next());
    json.putObject("b").put("first", result.b().first()).put("next", result.b().next());
    if (result.inA().isPresent()) {
      json.set("inA", EventJson.of(scanned(result.inA().get())));
    }
    if (result.inB().isPresent()) {
      json.set("inB", EventJson.of(scanned(result.inB().get())));
    }
    return json;
  }
}
