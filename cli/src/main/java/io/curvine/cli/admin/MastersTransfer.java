/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin;

import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.TransferLeadership;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin masters transfer}. */
@Command(
    name = "transfer",
    description = "Let another master lead.",
    mixinStandardHelpOptions = true)
public final class MastersTransfer extends MasterChange {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      defaultValue = "",
      description = "Which one; else one of the highest priority.")
  private String id;

  @Override
  ChangeMasters.Builder change() {
    return ChangeMasters.newBuilder().setTransfer(TransferLeadership.newBuilder().setId(id));
  }

  @Override
  String done() {
    return (id.isEmpty() ? "another master" : id) + " leads";
  }
}
