/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.fs.RemotePath;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.PolicyOfPath;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine policy ls}. */
@Command(
    name = "ls",
    description = "List what is said of directories and files.",
    mixinStandardHelpOptions = true)
final class PolicyLs extends Action {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "Only those that hold for this directory, and those below it.")
  private String path;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      List<PolicyOfPath> policies =
          client.namespace().policies(RemotePath.parse(path).ref(), true).getPoliciesList();
      print(json(policies), text(policies));
    }
  }

  static String text(List<PolicyOfPath> policies) {
    Table table = new Table("PATH", "POLICY");
    for (PolicyOfPath each : policies) {
      table.row(Printable.of(each.getPath()), PolicyField.summary(each.getPolicy()));
    }
    return table.isEmpty() ? "no policies\n" : table.render();
  }

  static ArrayNode json(List<PolicyOfPath> policies) {
    ArrayNode json = Json.array();
    for (PolicyOfPath each : policies) {
      ObjectNode row = json.addObject().put("path", each.getPath().toStringUtf8());
      ObjectNode fields = row.putObject("policy");
      for (PolicyField field : PolicyField.values()) {
        if (field.isIn(each.getPolicy())) {
          fields.put(field.word(), field.text(each.getPolicy()));
        }
      }
    }
    return json;
  }
}
