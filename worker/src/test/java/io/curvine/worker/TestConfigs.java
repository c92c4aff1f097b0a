/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import java.time.Duration;

/** Configurations for tests. */
final class TestConfigs {
  private TestConfigs() {}

  /** The same with short intervals. */
  static WorkerConfig quick(WorkerConfig c) {
    return new WorkerConfig(
        c.masters(),
        c.bindHost(),
        c.advertisedHost(),
        c.rack(),
        c.dataPort(),
        c.socket(),
        c.httpPort(),
        c.dirs(),
        c.highWatermarkPercent(),
        c.lowWatermarkPercent(),
        c.pinMaxPercent(),
        c.idDir(),
        Duration.ofMillis(20),
        Duration.ofSeconds(5),
        2,
        c.maxFillRangeBytes(),
        2,
        c.peerTimeout(),
        c.stallTimeout(),
        2,
        c.eviction(),
        c.moveRate(),
        0,
        c.scrubRate(),
        c.hotBlockReads(),
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        Duration.ZERO);
  }
}
