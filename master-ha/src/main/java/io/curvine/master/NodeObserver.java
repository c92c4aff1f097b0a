/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.raft.RaftEndedException;
import io.curvine.master.snapshot.LiveState;
import io.curvine.master.snapshot.Replica;
import io.curvine.protocol.proto.Event;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells the parts of a master what its replica does. Called on the apply thread. */
final class NodeObserver implements Replica.Observer {
  private final MasterParts parts;
  private final Consumer<Throwable> failed;

  private final Timer applyTime;
  private final Counter events;
  private final Counter voids;

  NodeObserver(MasterParts parts, MeterRegistry meters, Consumer<Throwable> failed) {
    this.parts = parts;
    this.failed = failed;
    this.applyTime =
        Timer.builder("curvine.master.apply")
            .description("To apply one Raft entry.")
            .register(meters);
    this.events =
        Counter.builder("curvine.master.events").description("Events applied.").register(meters);
    this.voids =
        Counter.builder("curvine.master.entries.void")
            .description("Raft entries that did not fit the state and changed nothing.")
            .register(meters);
  }

  @Override
  public void applied(long entryId, ApplyOutcome outcome, long nanos) {
    applyTime.record(nanos, TimeUnit.NANOSECONDS);
    (outcome.applied() ? events : voids).increment(Math.max(1, outcome.events().size()));
    for (Event event : outcome.events()) {
      parts.sessions().observe(event);
      parts.jobs().observe(event);
      parts.replicator().observe(event);
      if (parts.view().leading()) {
        parts.jobs().counts().observe(event);
      }
      if (event.hasClusterFormed()) {
        confirm(event.getClusterFormed().getClusterId());
      }
    }
    parts.applied();
    parts.decideLoop().applied(entryId, outcome);
    for (Event event : outcome.events()) {
      parts.jobWaiters().observe(event);
    }
  }

  private void confirm(String clusterId) {
    try {
      parts.identity().confirm(clusterId);
    } catch (IOException e) {
      failed.accept(e);
    }
  }

  @Override
  public void replacing() {
    parts.feed().close();
  }

  @Override
  public void replaced(LiveState now) {
    try {
      parts.adopt(now);
      parts.feed().serve(now.journal());
    } catch (IOException e) {
      failed.accept(e);
    }
  }

  @Override
  public void roleChanged() {
    parts.decideLoop().wake();
  }

  @Override
  public void failed(Throwable cause) {
    if (cause instanceof RaftEndedException ended) {
      parts.ended(ended);
    } else {
      failed.accept(cause);
    }
  }
}
