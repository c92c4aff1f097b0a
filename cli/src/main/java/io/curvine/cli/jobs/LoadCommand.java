/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TreeJobKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine load}: fills the cache before somebody reads. */
@Command(
    name = "load",
    description = {
      "Have the cache hold files whole, before somebody reads them.",
      "What it holds already is not fetched again. The work is spread over the workers."
    },
    mixinStandardHelpOptions = true)
public final class LoadCommand extends TreeJobAction {
  /** Tiers as people type them. */
  private enum Tier {
    MEM(TierKind.MEM),
    SSD(TierKind.SSD),
    HDD(TierKind.HDD);

    private final TierKind kind;

    Tier(TierKind kind) {
      this.kind = kind;
    }
  }

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "1",
      description = "Workers that each get a copy; default: ${DEFAULT-VALUE}.")
  private int replicas;

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = {
        "Where blocks go that are not here yet, if it has room: ${COMPLETION-CANDIDATES}.",
        "Default: the fastest that has room."
      })
  private Tier tier;

  @Override
  TreeJobKind kind() {
    return TreeJobKind.LOAD;
  }

  @Override
  int replicas() {
    if (replicas < 1) {
      throw usage("--replicas is " + replicas + "; allowed: from 1");
    }
    return replicas;
  }

  @Override
  TierKind tier() {
    return tier == null ? TierKind.TIER_UNSPECIFIED : tier.kind;
  }
}
