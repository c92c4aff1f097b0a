/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code curvine fs df}. */
@Command(
    name = "df",
    description = "Print how much the cache holds and can hold.",
    mixinStandardHelpOptions = true)
final class Df extends FsAction {
  private static final long PERCENT = 100;

  @Override
  void runConnected() throws IOException {
    StatFs stat = namespace().statFs();
    long capacity = stat.getCapacityBytes();
    long free = Math.max(0, capacity - stat.getUsedBytes());
    long percent = capacity == 0 ? 0 : stat.getUsedBytes() / Math.max(1, capacity / PERCENT);
    print(
        Json.object()
            .put("capacityBytes", capacity)
            .put("usedBytes", stat.getUsedBytes())
            .put("freeBytes", free)
            .put("inodes", stat.getInodes())
            .put("blockSizeBytes", stat.getBlockSizeBytes()),
        new Table(">CAPACITY", ">USED", ">FREE", ">USE", ">INODES")
            .row(
                Units.showBytes(capacity),
                Units.showBytes(stat.getUsedBytes()),
                Units.showBytes(free),
                percent + "%",
                stat.getInodes())
            .render());
  }
}
