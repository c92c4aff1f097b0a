/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.ufs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.MountSync;
import io.curvine.protocol.proto.SourceSync;
import io.curvine.protocol.proto.UfsSyncState;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin ufs sources}. */
@Command(
    name = "sources",
    description = {
      "Show each change source of each mount: how far it is, and why it does not come on. NEWEST: how old the",
      "newest change is that was taken in, by the clock of the source."
    },
    mixinStandardHelpOptions = true)
public final class UfsSources extends UfsAction {
  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = "Only this mount.")
  private String path;

  @Override
  protected void run() throws IOException {
    UfsSyncState state = look();
    ArrayNode json = Json.array();
    Table table = new Table("MOUNT", "SOURCE", ">BEHIND", ">HINTS", ">NEWEST", ">GAPS", "STATE");
    for (MountSync mount : mounts(state, path)) {
      for (SourceSync source : mount.getSourcesList()) {
        FollowedSource journaled = source.getJournaled();
        json.add(json(source).put("path", mount.getPath()));
        table.row(
            mount.getPath(),
            journaled.getKind(),
            source.getBehind() < 0 ? "-" : Long.toString(source.getBehind()),
            journaled.getHints(),
            ago(state.getNowNanos(), journaled.getNewestNanos()),
            journaled.getGaps(),
            state(source, state.getNowNanos()));
      }
    }
    print(
        json, table.isEmpty() ? "no mount has a change source besides its scan\n" : table.render());
  }

  private static String state(SourceSync source, long nowNanos) {
    FollowedSource journaled = source.getJournaled();
    if (!source.getFailure().isEmpty()) {
      return "failing: " + Printable.of(source.getFailure());
    }
    if (!source.getFollowing()) {
      return "not begun";
    }
    return journaled.getGaps() == 0
        ? "following"
        : "following; last gap "
            + ago(nowNanos, journaled.getLastGapNanos())
            + " ago: "
            + Printable.of(journaled.getLastGap());
  }

  static ObjectNode json(SourceSync source) {
    FollowedSource journaled = source.getJournaled();
    return Json.object()
        .put("kind", journaled.getKind())
        .put("following", source.getFollowing())
        .put("failure", source.getFailure())
        .put("behind", source.getBehind())
        .put("heardMsAgo", source.getHeardMsAgo())
        .put("cursor", journaled.getCursor())
        .put("hints", journaled.getHints())
        .put("newestMs", TimeUnit.NANOSECONDS.toMillis(journaled.getNewestNanos()))
        .put("gaps", journaled.getGaps())
        .put("lastGap", journaled.getLastGap())
        .put("lastGapMs", TimeUnit.NANOSECONDS.toMillis(journaled.getLastGapNanos()));
  }
}
