/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.client.History;
import io.curvine.client.PastView;
import io.curvine.protocol.proto.Moment;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs undelete}. */
@Command(
    name = "undelete",
    description = {
      "Bring back what was deleted, a directory with its tree, while its content is still in a",
      "worker's cache or in the UFS. It is copied, and gets its name when it is whole."
    },
    mixinStandardHelpOptions = true)
final class Undelete extends PastAction {
  private static final int LOST_SHOWN_MAX = 50;

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = {"As it was; default: just before it was deleted.", Moments.HELP})
  private String at;

  @Option(
      names = "--target",
      paramLabel = "PATH",
      description = "Bring it back there; default: where it was.")
  private String target;

  @Option(names = "--dry-run", description = "Only say what would come back, and what is lost.")
  private boolean dryRun;

  @Option(
      names = "--partly",
      description = "Without the files whose content is gone; else these are a refusal.")
  private boolean partly;

  @Parameters(paramLabel = "PATH", description = "What was deleted.")
  private String path;

  @Override
  void runConnected() throws IOException {
    RemotePath source = RemotePath.parse(path);
    RemotePath to = target == null ? source : RemotePath.parse(target);
    if (source.isRoot() || to.isRoot()) {
      throw new CliException("the root is always there; allowed: a path below it");
    }
    PastView past = at == null ? beforeTheEnd(source) : past("--at", at);
    io.curvine.client.Undelete undelete =
        io.curvine.client.Undelete.plan(client(), past, bytes(source), bytes(to));
    for (io.curvine.client.Undelete.Lost lost :
        undelete.lost().subList(0, Math.min(LOST_SHOWN_MAX, undelete.lost().size()))) {
      err().println("lost: " + Printable.of(lost.path()) + ": " + lost.why());
    }
    if (undelete.lost().size() > LOST_SHOWN_MAX) {
      err().println("lost: " + (undelete.lost().size() - LOST_SHOWN_MAX) + " more");
    }
    if (!dryRun) {
      undelete.run(partly);
    }
    print(document(past, to, undelete), line(past, to, undelete));
  }

  private static ByteString bytes(RemotePath path) {
    return ByteString.copyFromUtf8(path.text());
  }

  private PastView beforeTheEnd(RemotePath source) throws IOException {
    History history = client().history(bytes(source), Optional.empty(), Optional.empty(), 1);
    while (history.inode() == 0) {
      history.next();
    }
    if (history.goneOffset() == 0) {
      throw new CliException(
          source
              + " is not deleted: it is "
              + Printable.of(history.lastPath())
              + "; allowed: what is gone, or --at");
    }
    if (!history.lastPath().equals(bytes(source))) {
      throw new CliException(
          "what was called "
              + source
              + " was deleted as "
              + Printable.of(history.lastPath())
              + "; allowed: that path, or --at");
    }
    return client().past(Moment.newBuilder().setOffset(history.goneOffset()).build(), announcer());
  }

  private String line(PastView past, RemotePath to, io.curvine.client.Undelete undelete) {
    return String.format(
        Locale.ROOT,
        "%s %s as it was at offset %d: %d files, %d directories, %d links, %s%s%s%n",
        to,
        dryRun ? "would be brought back" : "is back",
        past.offset(),
        undelete.files() - (dryRun ? 0 : undelete.lost().size()),
        undelete.directories(),
        undelete.symlinks(),
        undelete.specials() == 0 ? "" : undelete.specials() + " special files, ",
        Units.showBytes(undelete.bytes()),
        undelete.lost().isEmpty() ? "" : "; " + undelete.lost().size() + " files are lost");
  }

  private ObjectNode document(PastView past, RemotePath to, io.curvine.client.Undelete undelete) {
    ObjectNode document =
        Json.object()
            .put("path", to.text())
            .put("offset", past.offset())
            .put("dryRun", dryRun)
            .put("files", undelete.files())
            .put("directories", undelete.directories())
            .put("symlinks", undelete.symlinks())
            .put("specials", undelete.specials())
            .put("bytes", undelete.bytes());
    ArrayNode lost = document.putArray("lost");
    undelete
        .lost()
        .forEach(
            each ->
                lost.addObject()
                    .put("path", Printable.of(each.path()))
                    .put("length", each.lengthBytes())
                    .put("why", each.why()));
    return document;
  }
}
