/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What the decide loop counts. Thread-safe. */
public final class DecideMetrics {
  private final Counter commands;
  private final Counter busy;
  private final DistributionSummary batch;
  private final Timer queued;
  private final Timer commit;

  public DecideMetrics(MeterRegistry registry) {
    this.commands =
        Counter.builder("curvine.master.commands")
            .description("Commands decided.")
            .register(registry);
    this.busy =
        Counter.builder("curvine.master.commands.busy")
            .description("Commands turned away because too many were waiting.")
            .register(registry);
    this.batch =
        DistributionSummary.builder("curvine.master.entry.commands")
            .description("Commands in one Raft entry.")
            .register(registry);
    this.queued =
        Timer.builder("curvine.master.decide.wait")
            .description("From a command's arrival to its decision.")
            .register(registry);
    this.commit =
        Timer.builder("curvine.master.commit")
            .description("From the proposal of an entry until it is applied.")
            .register(registry);
  }

  void decided(PendingCommand command) {
    commands.increment();
    queued.record(System.nanoTime() - command.arrivedNanos(), TimeUnit.NANOSECONDS);
  }

  void turnedAway() {
    busy.increment();
  }

  void committed(int size, long nanos) {
    batch.record(size);
    commit.record(nanos, TimeUnit.NANOSECONDS);
  }
}
