/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.curvine.cli.output.Printable;
import io.curvine.journal.tool.EventKinds;
import io.curvine.journal.tool.JournalStats;
import io.curvine.journal.tool.ScannedEvent;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Subject;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** An event as one line for people. Immutable. */
final class EventLine {
  private static final int DETAILS_MAX_CHARS = 200;

  private final Ansi ansi;
  private final boolean verbose;

  /**
   * @param ansi whether the line is coloured
   * @param verbose with the place in the Raft log and whether the checksum fits
   */
  EventLine(Ansi ansi, boolean verbose) {
    this.ansi = ansi;
    this.verbose = verbose;
  }

  /** What the columns of {@link #of} are. */
  String heading() {
    return String.format(Locale.ROOT, "%10s  %-24s  %-18s", "OFFSET", "TIME", "TYPE")
        + (verbose ? String.format(Locale.ROOT, "  %6s  %10s  %-3s", "TERM", "INDEX", "CRC") : "")
        + "  PATH  BY  DETAILS";
  }

  String of(ScannedEvent scanned) {
    Event event = scanned.event();
    StringBuilder line = new StringBuilder();
    line.append(colour("faint", String.format(Locale.ROOT, "%10d", scanned.offset())));
    line.append(
        String.format(
            Locale.ROOT,
            "  %-24s  ",
            EventJson.time(event.getTimeNanos()).truncatedTo(ChronoUnit.MILLIS)));
    line.append(
        colour(colourOf(event), String.format(Locale.ROOT, "%-18s", EventKinds.name(event))));
    if (verbose) {
      boolean known = scanned.place().known();
      line.append(
          String.format(
              Locale.ROOT,
              "  %6s  %10s  %-3s",
              known ? Long.toString(scanned.place().term()) : "-",
              known ? Long.toString(scanned.place().index()) : "-",
              scanned.checksumFits() ? "ok" : "BAD"));
    }
    line.append("  ").append(path(event.getSubject()));
    line.append("  ").append(Printable.of(JournalStats.name(event.getPrincipal())));
    String details = details(event);
    return details.isEmpty() ? line.toString() : line + "  " + details;
  }

  private String colour(String style, String text) {
    // Only of names and numbers of ours: a path could hold what means colours here.
    return ansi.enabled() && !style.isEmpty()
        ? ansi.string("@|" + style + " " + text + "|@")
        : text;
  }

  private static String colourOf(Event event) {
    return switch (event.getEventCase()) {
      case ENTRY_DELETED, ENTRIES_REAPED, XATTR_REMOVED -> "red";
      case DIRECTORY_MADE,
          FILE_CREATED,
          SYMLINK_MADE,
          SPECIAL_MADE,
          HARD_LINK_MADE,
          UFS_ENTRY_LOADED ->
          "green";
      case ENTRY_RENAMED, ATTRIBUTES_SET, XATTR_SET -> "yellow";
      case FILE_COMMITTED, FILE_TRUNCATED, FILE_CONTENT_CHANGED, WRITE_OPENED -> "cyan";
      case EVENT_NOT_SET -> "magenta";
      default -> "";
    };
  }

  private static String path(Subject subject) {
    if (subject.getPath().isEmpty()) {
      return "-";
    }
    String path = Printable.of(subject.getPath());
    return subject.getOldPath().isEmpty()
        ? path
        : Printable.of(subject.getOldPath()) + " -> " + path;
  }

  /** What is particular to the event, without what is empty, in one bounded line. */
  private static String details(Event event) {
    FieldDescriptor body = EventJson.body(event);
    if (body == null) {
      return "";
    }
    ObjectNode json = (ObjectNode) EventJson.of(bare(event)).get("event");
    List<String> parts = new ArrayList<>();
    flatten("", json, parts);
    String all = String.join(" ", parts);
    return all.length() <= DETAILS_MAX_CHARS
        ? all
        : all.substring(0, all.offsetByCodePoints(0, all.codePointCount(0, DETAILS_MAX_CHARS)))
            + "...";
  }

  private static ScannedEvent bare(Event event) {
    return new ScannedEvent(0, event, 0, io.curvine.journal.RaftPlace.UNKNOWN, true);
  }

  private static void flatten(String prefix, JsonNode json, List<String> to) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String name = prefix + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        flatten(name + ".", value, to);
      } else if (value.isArray()) {
        to.add(name + "=" + Printable.of(value.toString()));
      } else {
        to.add(name + "=" + Printable.of(value.asText()));
      }
    }
  }
}
