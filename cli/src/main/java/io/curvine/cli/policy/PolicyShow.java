/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.fs.RemotePath;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.PolicyList;
import io.curvine.protocol.proto.PolicyOfPath;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine policy show}. */
@Command(
    name = "show",
    description = "Show how a directory or file is treated, and where that is said.",
    mixinStandardHelpOptions = true)
final class PolicyShow extends Action {
  private static final String DEFAULT = "default";

  @Parameters(paramLabel = "PATH", description = "The directory or file.")
  private String path;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      PolicyList list = client.namespace().policies(RemotePath.parse(path).ref(), false);
      print(json(list), text(list));
    }
  }

  static String text(PolicyList list) {
    Table table = new Table("POLICY", "VALUE", "FROM");
    for (PolicyField field : PolicyField.values()) {
      table.row(field.word(), field.text(list.getEffective()), from(field, list));
    }
    return table.render();
  }

  static ObjectNode json(PolicyList list) {
    ObjectNode json = Json.object();
    for (PolicyField field : PolicyField.values()) {
      json.putObject(field.word())
          .put("value", field.text(list.getEffective()))
          .put("from", from(field, list));
    }
    return json;
  }

  /** The nearest is the last. */
  private static String from(PolicyField field, PolicyList list) {
    String from = DEFAULT;
    for (PolicyOfPath each : list.getPoliciesList()) {
      from = field.isIn(each.getPolicy()) ? Printable.of(each.getPath()) : from;
    }
    return from;
  }
}
