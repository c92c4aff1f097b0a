/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.Sessions;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.rpc.QueryPool;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.SnapshotManifest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** The gauges of a running master. */
final class NodeMeters {
  private final MeterRegistry registry;

  NodeMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void position(Replica replica, RaftNode raft, SnapshotStore snapshots) {
    gauge("applied.index", "Raft index of the state.", () -> replica.applied().index());
    gauge("next.offset", "Offset of the next event.", () -> replica.live().applier().nextOffset());
    gauge(
        "journal.start.offset", "Oldest event kept.", () -> replica.live().journal().startOffset());
    gauge("journal.bytes", "Size of the journal.", () -> replica.live().journal().sizeBytes());
    gauge("raft.term", "Term of this master.", raft::term);
    gauge("raft.committed.index", "Raft index known to be committed.", raft::committedIndex);
    gauge(
        "snapshot.index",
        "Raft index of the newest snapshot; -1: none.",
        () -> snapshots.newest().map(SnapshotManifest::getIndex).orElse(-1L));
  }

  void load(DecideLoop loop, QueryPool queries) {
    gauge("leader", "1 where this master leads.", () -> loop.leading() ? 1 : 0);
    gauge("commands.waiting", "Commands that wait to be decided.", loop::waiting);
    gauge("queries.waiting", "Queries that wait for a thread.", queries::waiting);
  }

  void cluster(WorkerRegistry workers, Sessions sessions, JobDispatcher jobs) {
    gauge("workers.live", "Workers with a recent heartbeat.", workers::liveCount);
    gauge("blocks", "Blocks that some worker holds.", workers::blockCount);
    gauge("sessions", "Open sessions.", sessions::count);
    gauge("jobs.assigned", "UFS jobs that a worker is at.", jobs::assignedCount);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("curvine.master." + name, value).description(description).register(registry);
  }
}
