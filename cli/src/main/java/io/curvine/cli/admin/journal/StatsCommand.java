/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.journal.tool.HeavyHitters;
import io.curvine.journal.tool.JournalScan;
import io.curvine.journal.tool.JournalSource;
import io.curvine.journal.tool.JournalStats;
import io.curvine.journal.tool.ScannedEvent;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curvine-admin journal stats}. */
@Command(
    name = "stats",
    description = {
      "Count events and their bytes by type, by who caused them, by hour (UTC), and by directory.",
      "Where there are more than 10,000 directories, a count may be too large by the error beside it."
    },
    mixinStandardHelpOptions = true)
public final class StatsCommand extends Action {
  private static final int TOP_MAX = 10_000;

  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private RangeOptions range = new RangeOptions();
  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "So many directories and principals. Default: ${DEFAULT-VALUE}.")
  private int top;

  @Override
  protected void run() throws IOException {
    if (top < 1 || top > TOP_MAX) {
      throw usage("--top is " + top + "; allowed: 1 to " + TOP_MAX);
    }
    JournalStats stats = new JournalStats();
    try (JournalSource journal = source.open(global())) {
      long unused =
          JournalScan.run(
              journal,
              filter.filter(range.filter()),
              new JournalScan.Visitor() {
                @Override
                public boolean event(ScannedEvent event) {
                  stats.add(event);
                  return true;
                }

                @Override
                public void problem(IOException what) {
                  StatsCommand.this.problem(new CliException(what.getMessage(), what));
                }
              });
      ObjectNode json = json(journal.name(), stats, top);
      print(json, text(json));
    }
  }

  private static ObjectNode json(String name, JournalStats stats, int top) {
    ObjectNode json =
        Json.object()
            .put("source", name)
            .put("events", stats.all().events())
            .put("bytes", stats.all().bytes())
            .put("firstOffset", stats.firstOffset())
            .put("lastOffset", stats.lastOffset());
    if (stats.all().events() > 0) {
      json.put("firstTime", stats.firstTime().toString());
      json.put("lastTime", stats.lastTime().toString());
    }
    json.put("eventsPerSecond", stats.rate());
    counts(json.putArray("types"), "type", stats.types());
    counts(json.putArray("hours"), "hour", stats.hours());
    hitters(json.putArray("principals"), "principal", stats.principals(), top);
    hitters(json.putArray("directories"), "directory", stats.directories(), top);
    return json;
  }

  private static void counts(ArrayNode to, String key, Map<?, JournalStats.Count> counts) {
    counts.forEach(
        (name, count) ->
            to.addObject()
                .put(key, name.toString())
                .put("events", count.events())
                .put("bytes", count.bytes()));
  }

  private static void hitters(ArrayNode to, String key, HeavyHitters hitters, int top) {
    for (HeavyHitters.Hitter hitter : hitters.top(top)) {
      to.addObject()
          .put(key, hitter.key())
          .put("events", hitter.count())
          .put("bytes", hitter.bytes())
          .put("error", hitter.error());
    }
  }

  private static String text(ObjectNode json) {
    if (json.get("events").asLong() == 0) {
      return "no events\n";
    }
    return String.format(
            Locale.ROOT,
            "%d events, %d bytes, offsets %d to %d, %s to %s, %.1f a second%n",
            json.get("events").asLong(),
            json.get("bytes").asLong(),
            json.get("firstOffset").asLong(),
            json.get("lastOffset").asLong(),
            json.get("firstTime").asText(),
            json.get("lastTime").asText(),
            json.get("eventsPerSecond").asDouble())
        + "\n"
        + table(json.get("types"), "type", "TYPE")
        + "\n"
        + table(json.get("principals"), "principal", "PRINCIPAL")
        + "\n"
        + table(json.get("hours"), "hour", "HOUR")
        + "\n"
        + table(json.get("directories"), "directory", "DIRECTORY");
  }

  private static String table(JsonNode rows, String key, String heading) {
    boolean errors = false;
    for (JsonNode row : rows) {
      errors |= row.path("error").asLong() > 0;
    }
    Table table =
        errors
            ? new Table(">EVENTS", ">BYTES", ">ERROR", heading)
            : new Table(">EVENTS", ">BYTES", heading);
    for (JsonNode row : rows) {
      String name = Printable.of(row.get(key).asText());
      if (errors) {
        table.row(
            row.get("events").asText(), row.get("bytes").asText(), row.get("error").asText(), name);
      } else {
        table.row(row.get("events").asText(), row.get("bytes").asText(), name);
      }
    }
    return table.render();
  }
}
