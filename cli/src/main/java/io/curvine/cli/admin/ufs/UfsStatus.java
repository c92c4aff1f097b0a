/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.ufs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.MountSync;
import io.curvine.protocol.proto.ScanSync;
import io.curvine.protocol.proto.SourceSync;
import io.curvine.protocol.proto.UfsSyncState;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin ufs status}. */
@Command(
    name = "status",
    description = {
      "Show for each cache-mode mount how it follows its UFS. BEHIND: changes that wait at its sources.",
      "LAST EVENT: when a source told of one. GAPS: how often a source may have missed some. DIRTY: parts",
      "that are yet to be compared. SCAN: the reconciling scan; a mount of which nothing was listed has",
      "nothing to scan, and its scan neither ends nor fails."
    },
    mixinStandardHelpOptions = true)
public final class UfsStatus extends UfsAction {
  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", description = "Only this mount.")
  private String path;

  @Override
  protected void run() throws IOException {
    UfsSyncState state = look();
    List<MountSync> mounts = mounts(state, path);
    ArrayNode json = Json.array();
    Table table =
        new Table("MOUNT", "UFS", "SOURCES", ">BEHIND", ">LAST EVENT", ">GAPS", ">DIRTY", "SCAN");
    for (MountSync mount : mounts) {
      json.add(json(mount));
      table.row(
          mount.getPath(),
          mount.getUri(),
          sources(mount),
          behind(mount),
          lastEvent(mount),
          mount.getSourcesList().stream().mapToLong(each -> each.getJournaled().getGaps()).sum(),
          mount.getDirtyCount(),
          scan(mount.getScan(), state.getNowNanos()));
    }
    print(json, table.isEmpty() ? "no cache-mode mounts\n" : table.render());
  }

  private static String sources(MountSync mount) {
    List<String> names =
        mount.getSourcesList().stream()
            .map(each -> each.getJournaled().getKind() + (each.getFollowing() ? "" : " (failing)"))
            .toList();
    return names.isEmpty() ? "-" : String.join(", ", names);
  }

  private static String behind(MountSync mount) {
    List<Long> known =
        mount.getSourcesList().stream().map(SourceSync::getBehind).filter(n -> n >= 0).toList();
    return known.isEmpty() ? "-" : Long.toString(known.stream().mapToLong(Long::longValue).sum());
  }

  private static String lastEvent(MountSync mount) {
    return mount.getSourcesList().stream()
        .mapToLong(SourceSync::getHeardMsAgo)
        .filter(ms -> ms >= 0)
        .mapToObj(UfsAction::duration)
        .findFirst()
        .map(text -> text + " ago")
        .orElse("-");
  }

  private static String scan(ScanSync scan, long nowNanos) {
    if (scan.getIntervalMs() == 0) {
      return "never";
    }
    String every = "every " + duration(scan.getIntervalMs());
    String failed = scan.getFailed() == 0 ? "" : ", " + scan.getFailed() + " failed";
    if (scan.getRunning()) {
      return every + ", running: " + scan.getDirectories() + " directories" + failed;
    }
    // A scan that fails may never have ended.
    String ended =
        scan.getEndedNanos() == 0 ? "" : ", ended " + ago(nowNanos, scan.getEndedNanos()) + " ago";
    return every + ended + failed;
  }

  private static ObjectNode json(MountSync mount) {
    ObjectNode json =
        Json.object()
            .put("id", mount.getMountId())
            .put("path", mount.getPath())
            .put("uri", mount.getUri())
            .put("dirty", mount.getDirtyCount());
    ArrayNode sources = json.putArray("sources");
    mount.getSourcesList().forEach(each -> sources.add(UfsSources.json(each)));
    ScanSync scan = mount.getScan();
    json.putObject("scan")
        .put("intervalMs", scan.getIntervalMs())
        .put("running", scan.getRunning())
        .put("beganMs", TimeUnit.NANOSECONDS.toMillis(scan.getBeganNanos()))
        .put("endedMs", TimeUnit.NANOSECONDS.toMillis(scan.getEndedNanos()))
        .put("directories", scan.getDirectories())
        .put("failed", scan.getFailed());
    return json;
  }
}
