/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.fsck;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.tool.StateKeys;
import io.curvine.protocol.proto.StateFinding;
import java.util.List;
import java.util.Locale;

/**
 * What a check of one state came to. Immutable.
 *
 * @param name of the master or the directory
 * @param epoch of the state's newest leadership
 * @param more findings besides
 * @param skipped what was not to be checked and why
 * @param unknown what could not be checked and why
 */
record Checked(
    String name,
    long offset,
    long epoch,
    long rows,
    List<StateFinding> findings,
    long more,
    List<String> skipped,
    List<String> unknown) {
  Checked {
    findings = List.copyOf(findings);
    skipped = List.copyOf(skipped);
    unknown = List.copyOf(unknown);
  }

  /** The same state with those of the findings that were true at a second look. */
  Checked with(List<StateFinding> confirmed, List<String> notKnown) {
    return new Checked(name, offset, epoch, rows, confirmed, more, skipped, notKnown);
  }

  boolean isClean() {
    return findings.isEmpty() && more == 0 && unknown.isEmpty();
  }

  /** Findings that something mends. */
  List<StateFinding> repairable() {
    return findings.stream().filter(each -> !each.getRepair().isEmpty()).toList();
  }

  /** Adds itself for {@code --json} and for people. */
  void show(ArrayNode states, Table table) {
    ObjectNode json =
        states
            .addObject()
            .put("state", name)
            .put("clean", isClean())
            .put("offset", offset)
            .put("rows", rows)
            .put("more", more);
    ArrayNode notChecked = json.putArray("skipped");
    skipped.forEach(notChecked::add);
    ArrayNode notKnown = json.putArray("unknown");
    unknown.forEach(notKnown::add);
    ArrayNode found = json.putArray("findings");
    for (StateFinding finding : findings) {
      found
          .addObject()
          .put("kind", kind(finding))
          .put("inode", finding.getInode())
          .put("path", finding.getPath())
          .put("family", family(finding).storedName())
          .put("key", key(finding))
          .put("text", finding.getText())
          .put("repair", finding.getRepair());
      table.row(
          name,
          kind(finding),
          finding.getInode() == 0 ? "-" : finding.getInode(),
          finding.getPath().isEmpty() ? "-" : Printable.of(finding.getPath()),
          Printable.of(finding.getText()),
          finding.getRepair().isEmpty() ? "-" : Printable.of(finding.getRepair()));
    }
  }

  static Table table() {
    return new Table("STATE", "FINDING", ">INODE", "PATH", "WHAT IS WRONG", "WHAT REPAIR DOES");
  }

  private static String kind(StateFinding finding) {
    return finding.getKind().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ColumnFamily<?> family(StateFinding finding) {
    return ColumnFamily.all().get(finding.getFamily());
  }

  private static String key(StateFinding finding) {
    return StateKeys.text(family(finding), Key.of(finding.getKey().toByteArray()));
  }
}
