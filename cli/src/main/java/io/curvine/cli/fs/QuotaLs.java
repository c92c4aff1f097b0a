/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.QuotaOfPath;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine quota ls}. */
@Command(
    name = "ls",
    description = "List quotas with what is used of them.",
    mixinStandardHelpOptions = true)
final class QuotaLs extends FsAction {
  private static final double PERCENT = 100;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      description = "Only those that limit this directory, and those below it.")
  private String path;

  @Override
  void runConnected() throws IOException {
    List<QuotaOfPath> quotas =
        path == null ? namespace().quotas() : namespace().quotas(RemotePath.parse(path).ref());
    print(json(quotas), text(quotas));
  }

  static ArrayNode json(List<QuotaOfPath> quotas) {
    ArrayNode json = Json.array();
    for (QuotaOfPath each : quotas) {
      Quota quota = each.getQuota();
      ObjectNode row = Json.object().put("path", each.getPath().toStringUtf8());
      limit(row, "Bytes", quota.getMaxBytes(), quota.getUsedBytes());
      limit(row, "Inodes", quota.getMaxInodes(), quota.getUsedInodes());
      json.add(row.put("counting", quota.getCounting()));
    }
    return json;
  }

  private static void limit(ObjectNode row, String what, long max, long used) {
    row.put("max" + what, max == 0 ? null : Long.valueOf(max))
        .put("used" + what, used)
        .put("percent" + what, max == 0 ? null : Double.valueOf(percent(max, used)));
  }

  static String text(List<QuotaOfPath> quotas) {
    Table table = new Table("PATH", ">BYTES", ">USED", ">USE", ">INODES", ">USED", ">USE", "STATE");
    for (QuotaOfPath each : quotas) {
      Quota quota = each.getQuota();
      table.row(
          Printable.of(each.getPath()),
          quota.getMaxBytes() == 0 ? "-" : Units.showBytes(quota.getMaxBytes()),
          Units.showBytes(Math.max(0, quota.getUsedBytes())),
          use(quota.getMaxBytes(), quota.getUsedBytes()),
          quota.getMaxInodes() == 0 ? "-" : String.valueOf(quota.getMaxInodes()),
          Math.max(0, quota.getUsedInodes()),
          use(quota.getMaxInodes(), quota.getUsedInodes()),
          state(quota));
    }
    return table.isEmpty() ? "no quotas\n" : table.render();
  }

  private static String use(long max, long used) {
    return max == 0 ? "-" : Math.round(Math.floor(percent(max, used))) + "%";
  }

  private static double percent(long max, long used) {
    return PERCENT * Math.max(0, used) / max;
  }

  private static String state(Quota quota) {
    if (quota.getCounting()) {
      return "being counted";
    }
    boolean over =
        isOver(quota.getMaxBytes(), quota.getUsedBytes())
            || isOver(quota.getMaxInodes(), quota.getUsedInodes());
    return over ? "over" : "ok";
  }

  private static boolean isOver(long max, long used) {
    return max != 0 && used > max;
  }
}
