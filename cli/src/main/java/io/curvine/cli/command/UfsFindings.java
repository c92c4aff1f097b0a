/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.UfsFinding;
import java.util.List;
import java.util.Locale;

/** What was found at a UFS, for people and programs. Stateless. */
final class UfsFindings {
  private UfsFindings() {}

  static ObjectNode json(String uri, List<UfsFinding> findings) {
    ObjectNode json = Json.object().put("uri", uri).put("usable", usable(findings));
    ArrayNode list = json.putArray("findings");
    for (UfsFinding finding : findings) {
      list.addObject()
          .put("access", lower(finding.getAccess()))
          .put("outcome", lower(finding.getOutcome()))
          .put("tookMs", finding.getTookMs())
          .put("message", finding.getMessage());
    }
    return json;
  }

  static String text(List<UfsFinding> findings) {
    Table table = new Table("ACCESS", "RESULT", ">TIME", "WHAT WAS SEEN");
    for (UfsFinding finding : findings) {
      boolean tried = finding.getOutcome() != UfsFinding.Outcome.NOT_TRIED;
      table.row(
          lower(finding.getAccess()),
          lower(finding.getOutcome()).replace('_', ' '),
          tried ? finding.getTookMs() + " ms" : "-",
          finding.getMessage());
    }
    return table.render();
  }

  /** Whether nothing that the mount needs is missing. */
  static boolean usable(List<UfsFinding> findings) {
    return findings.stream().noneMatch(each -> each.getOutcome() == UfsFinding.Outcome.FAILS);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
