/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.client.History;
import io.curvine.journal.view.ChangeJsonView;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.FormerEntry;
import io.curvine.protocol.proto.Moment;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs history}. */
@Command(
    name = "history",
    description = {
      "Print what happened to an entry, newest first: who, when, from where, what.",
      "Renames are followed, those of the directories above too. Where nothing has the name now,",
      "it is about the last entry that was called so."
    },
    mixinStandardHelpOptions = true)
final class HistoryCommand extends PastAction {
  private static final int PAGE_MAX = 1_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "So many at most, 1 to 1000000; default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--from", paramLabel = "WHEN", description = "The first. As --at of 'fs ls'.")
  private String from;

  @Option(names = "--to", paramLabel = "WHEN", description = "The last. As --at of 'fs ls'.")
  private String to;

  @Parameters(paramLabel = "PATH", description = "Of this entry.")
  private String path;

  private final ChangeJsonView view = new ChangeJsonView();
  private final ArrayNode json = Json.array();
  private int shown;

  @Override
  void runConnected() throws IOException {
    if (limit < 1 || limit > 1_000_000) {
      throw new CliException("--limit is " + limit + "; allowed: 1 to 1000000");
    }
    RemotePath of = RemotePath.parse(path);
    Optional<Moment> first = from == null ? Optional.empty() : Optional.of(moment("--from", from));
    Optional<Moment> last = to == null ? Optional.empty() : Optional.of(moment("--to", to));
    History history =
        client()
            .history(ByteString.copyFromUtf8(of.text()), first, last, Math.min(limit, PAGE_MAX));
    boolean more = false;
    while (!history.finished() && !more) {
      for (Change change : history.next()) {
        if (shown == limit) {
          more = true;
          break;
        }
        shown++;
        show(change);
      }
    }
    if (global().json()) {
      out().println(Json.document(document(of, history, more)));
    } else {
      tell(of, history, more);
    }
  }

  private void show(Change change) throws IOException {
    if (global().json()) {
      json.add(Json.parse(view.json(change).toStringUtf8()));
      return;
    }
    if (shown == 1) {
      out().println(line("OFFSET", "TIME", "WHAT", "WHO", "FROM", "PATH"));
    }
    out()
        .println(
            line(
                Long.toString(change.getOffset()),
                Show.instant(change.getTimeNanos()).truncatedTo(ChronoUnit.MILLIS).toString(),
                what(change),
                who(change),
                change.getClient().isEmpty() ? "-" : Printable.of(change.getClient()),
                paths(change)));
    out().flush();
  }

  private static String line(
      String offset, String time, String what, String who, String from, String path) {
    return String.format(
        Locale.ROOT, "%10s  %-24s  %-18s  %-10s  %-12s  %s", offset, time, what, who, from, path);
  }

  private static String what(Change change) {
    return change.getType().name().toLowerCase(Locale.ROOT).replace('_', '-')
        + (change.getByUfs() ? " (ufs)" : "");
  }

  private static String who(Change change) {
    if (!change.getUser().isEmpty()) {
      return Printable.of(change.getUser());
    }
    return change.getSession() == 0 && change.getClient().isEmpty()
        ? "-"
        : Integer.toUnsignedString(change.getUid());
  }

  private static String paths(Change change) {
    String at = Printable.of(change.getPath());
    String text =
        change.getOldPath().isEmpty() ? at : Printable.of(change.getOldPath()) + " -> " + at;
    return switch (change.getType()) {
      case WRITTEN, TRUNCATED, PERSISTED -> text + "  " + change.getLengthBytes() + " bytes";
      case ATTRIBUTES_CHANGED -> text + attributes(change);
      case XATTR_CHANGED -> text + "  " + Printable.of(change.getXattr());
      default -> text;
    };
  }

  private static String attributes(Change change) {
    StringBuilder text = new StringBuilder();
    if (change.hasMode()) {
      text.append(String.format(Locale.ROOT, "  mode %04o", change.getMode()));
    }
    if (change.hasOwnerUid()) {
      text.append("  uid ").append(Integer.toUnsignedString(change.getOwnerUid()));
    }
    if (change.hasOwnerGid()) {
      text.append("  gid ").append(Integer.toUnsignedString(change.getOwnerGid()));
    }
    return text.toString();
  }

  private ObjectNode document(RemotePath of, History history, boolean more) {
    ObjectNode document = Json.object().put("path", of.text()).put("inode", history.inode());
    document.put("lastPath", Printable.of(history.lastPath()));
    if (history.goneOffset() != 0) {
      document.put("goneOffset", history.goneOffset());
    }
    document.put("more", more);
    ArrayNode others = document.putArray("others");
    for (FormerEntry other : history.others()) {
      others.addObject().put("inode", other.getInode()).put("offset", other.getOffset());
    }
    document.set("changes", json);
    return document;
  }

  /** What is to be known beside the changes, on standard error. */
  private void tell(RemotePath of, History history, boolean more) {
    if (history.goneOffset() != 0) {
      err()
          .println(
              "inode "
                  + history.inode()
                  + " is gone since offset "
                  + history.goneOffset()
                  + "; it was last called "
                  + Printable.of(history.lastPath()));
    } else if (!history.lastPath().equals(ByteString.copyFromUtf8(of.text()))) {
      err().println("it is called " + Printable.of(history.lastPath()) + " now");
    }
    List<FormerEntry> others = history.others();
    if (!others.isEmpty()) {
      err()
          .println(
              others.size()
                  + (others.size() == 1 ? " other entry" : " other entries")
                  + " had this name before, last at offset "
                  + others.get(0).getOffset());
    }
    if (more) {
      err().println("older changes are left out; --limit is " + limit);
    } else if (shown == 0) {
      err().println("nothing in that range; the journal begins at " + history.startOffset());
    }
  }
}
