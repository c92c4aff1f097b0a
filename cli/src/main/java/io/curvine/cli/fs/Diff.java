/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.client.Differences;
import io.curvine.client.PastView;
import io.curvine.protocol.proto.Difference;
import io.curvine.protocol.proto.DifferenceKind;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Moment;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs diff}. */
@Command(
    name = "diff",
    description = {
      "Print what was created, deleted, renamed and changed from one point in time to another.",
      "A directory that was renamed is one line; what is below it went along."
    },
    mixinStandardHelpOptions = true)
final class Diff extends PastAction {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "WHEN",
      description = {"The earlier one.", Moments.HELP})
  private String from;

  @Option(names = "--to", paramLabel = "WHEN", description = "The later one; default: now.")
  private String to;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "Only what is or was there or below; default: ${DEFAULT-VALUE}")
  private String path;

  private final ArrayNode json = Json.array();

  @Override
  void runConnected() throws IOException {
    RemotePath below = RemotePath.parse(path);
    PastView earlier = past("--from", from);
    PastView later =
        to == null
            ? client().past(Moment.newBuilder().setNow(true).build(), announcer())
            : past("--to", to);
    if (earlier.offset() > later.offset()) {
      throw new io.curvine.cli.CliException(
          "--from is offset "
              + earlier.offset()
              + ", --to is offset "
              + later.offset()
              + "; allowed: a --to after --from");
    }
    ByteString filter = below.isRoot() ? ByteString.EMPTY : ByteString.copyFromUtf8(below.text());
    Differences differences = client().compare(earlier, later, filter, announcer());
    while (!differences.finished()) {
      differences.next().forEach(this::show);
      out().flush();
    }
    if (global().json()) {
      ObjectNode document = Json.object().put("from", earlier.offset()).put("to", later.offset());
      document.set("differences", json);
      out().println(Json.document(document));
    }
  }

  private void show(Difference difference) {
    if (global().json()) {
      json.add(toJson(difference));
      return;
    }
    String name = Printable.of(difference.getPath()) + (isDirectory(difference) ? "/" : "");
    String text =
        switch (difference.getKind()) {
          case ENTRY_CREATED -> "created  " + name;
          case ENTRY_GONE -> "deleted  " + name;
          case ENTRY_MOVED ->
              "renamed  "
                  + Printable.of(difference.getOldPath())
                  + " -> "
                  + name
                  + what(difference);
          default -> "changed  " + name + what(difference);
        };
    out().println(text);
  }

  private static String what(Difference difference) {
    if (difference.getContent()) {
      String sizes =
          difference.getBefore().getLengthBytes() + " -> " + difference.getAfter().getLengthBytes();
      return "  content " + sizes + " bytes" + (difference.getAttributes() ? ", attributes" : "");
    }
    return difference.getAttributes() ? "  attributes" : "";
  }

  private static boolean isDirectory(Difference difference) {
    InodeType type =
        difference.getKind() == DifferenceKind.ENTRY_GONE
            ? difference.getBefore().getType()
            : difference.getAfter().getType();
    return type == InodeType.DIRECTORY;
  }

  private static ObjectNode toJson(Difference difference) {
    String path = Printable.of(difference.getPath());
    ObjectNode line =
        Json.object()
            .put(
                "change",
                switch (difference.getKind()) {
                  case ENTRY_CREATED -> "created";
                  case ENTRY_GONE -> "deleted";
                  case ENTRY_MOVED -> "renamed";
                  default -> "changed";
                })
            .put("path", path);
    if (!difference.getOldPath().isEmpty()) {
      line.put("oldPath", Printable.of(difference.getOldPath()));
    }
    line.put("content", difference.getContent()).put("attributes", difference.getAttributes());
    if (difference.hasBefore()) {
      line.set("before", Show.json(path, difference.getBefore()));
    }
    if (difference.hasAfter()) {
      line.set("after", Show.json(path, difference.getAfter()));
    }
    return line;
  }
}
