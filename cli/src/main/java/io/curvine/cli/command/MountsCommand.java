/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.Mount;
import java.io.IOException;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** {@code curvine mounts}. */
@Command(name = "mounts", description = "List the mounts.", mixinStandardHelpOptions = true)
public final class MountsCommand extends Action {
  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      ArrayNode json = Json.array();
      Table table = new Table("PATH", "UFS", "MODE", "WRITE", "ACCESS", ">SCAN");
      for (Mount mount : client.namespace().mounts()) {
        json.add(json(mount));
        table.row(
            mount.getPath(),
            mount.getUri(),
            lower(mount.getMode()),
            lower(mount.getWritePolicy()),
            mount.getReadOnly() ? "read-only" : "read-write",
            mount.getScanIntervalMs() == 0 ? "never" : mount.getScanIntervalMs() / 1000.0 + " s");
      }
      print(json, table.isEmpty() ? "no mounts\n" : table.render());
    }
  }

  static ObjectNode json(Mount mount) {
    ObjectNode json =
        Json.object()
            .put("id", mount.getId())
            .put("path", mount.getPath())
            .put("uri", mount.getUri())
            .put("mode", lower(mount.getMode()))
            .put("write", lower(mount.getWritePolicy()))
            .put("readOnly", mount.getReadOnly())
            .put("scanIntervalMs", mount.getScanIntervalMs())
            .put("blockSize", mount.getBlockSizeBytes())
            .put("replicas", mount.getReplicas())
            .put("verify", MountOptions.verifyText(mount))
            .put("verifyMs", mount.getVerifyMs())
            .put("listTtlMs", mount.getListTtlMs())
            .put("requestsPerSecond", Integer.toUnsignedLong(mount.getRequestsPerSecond()))
            .put("bandwidth", mount.getBandwidthBytes());
    mount.getSourcesList().forEach(json.putArray("sources")::add);
    ObjectNode options = json.putObject("options");
    new TreeMap<>(mount.getOptionsMap()).forEach(options::put);
    return json;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
