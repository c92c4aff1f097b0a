/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.Mount;
import java.util.Optional;

/** What {@code curvine local} prints when it runs. Stateless. */
final class LocalReport {
  private static final String NONE = "-";

  private LocalReport() {}

  static String text(LocalPlan plan, LocalNodes nodes, Optional<Mount> ufs, String version) {
    Table table =
        new Table("ROLE", "ID", ">PID", "RPC", "DATA", "HTTP", "FEED", "DIRECTORY", "LOG");
    for (NodeSpec node : plan.all()) {
      table.row(
          node.role().word(),
          node.id(),
          nodes.pid(node),
          node.address("RPC"),
          node.address("DATA"),
          node.address("HTTP"),
          node.address("FEED"),
          node.directory(),
          nodes.separate() ? node.log() : NONE);
    }
    StringBuilder text = new StringBuilder();
    text.append("Curvine ").append(version).append(" on ").append(plan.dataDir()).append("\n\n");
    text.append(table.render()).append('\n');
    text.append("UFS    ").append(ufs.map(Mount::getUri).orElse("none")).append(" at /\n");
    plan.mountPoint().ifPresent(point -> text.append("mount  ").append(point).append('\n'));
    text.append("stop   Ctrl-C\n\n");
    return text.toString();
  }

  static ObjectNode json(LocalPlan plan, LocalNodes nodes, Optional<Mount> ufs) {
    ObjectNode json =
        Json.object()
            .put("dataDir", plan.dataDir().toString())
            .put("masters", plan.masterRpcs())
            .put("ufs", ufs.map(Mount::getUri).orElse(null))
            .put("mount", plan.mountPoint().map(Object::toString).orElse(null));
    ArrayNode all = json.putArray("nodes");
    for (NodeSpec node : plan.all()) {
      all.addObject()
          .put("role", node.role().word())
          .put("id", node.id())
          .put("pid", nodes.pid(node))
          .put("rpc", known(node.address("RPC")))
          .put("data", known(node.address("DATA")))
          .put("http", known(node.address("HTTP")))
          .put("feed", known(node.address("FEED")))
          .put("directory", node.directory().toString())
          .put("log", nodes.separate() ? node.log().toString() : null);
    }
    return json;
  }

  private static String known(String address) {
    return address.equals(NONE) ? null : address;
  }
}
