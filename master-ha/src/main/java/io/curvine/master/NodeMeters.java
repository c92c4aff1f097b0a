/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.disk.DiskWatch;
import io.curvine.master.jobs.JobCounts;
import io.curvine.master.jobs.JobDispatcher;
import io.curvine.master.jobs.TtlSweeper;
import io.curvine.master.leader.DecideLoop;
import io.curvine.master.leader.Sessions;
import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftNode;
import io.curvine.master.replicas.Replicator;
import io.curvine.master.rpc.QueryPool;
import io.curvine.master.secrets.SecretsWatch;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotSource;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.TransferProgress;
import io.curvine.master.state.Counter;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.SnapshotManifest;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

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
    gauge(
        "jobs.kept",
        "Jobs that failed for good or met another object, until they are cancelled or retried.",
        () -> replica.live().store().read(state -> state.meta().get(Counter.FAILED_JOB_COUNT)));
    gauge("raft.term", "Term of this master.", raft::term);
    gauge("raft.committed.index", "Raft index known to be committed.", raft::committedIndex);
    gauge(
        "snapshot.index",
        "Raft index of the newest snapshot; -1: none.",
        () -> snapshots.newest().map(SnapshotManifest::getIndex).orElse(-1L));
  }

  void transfers(TransferProgress fetching, SnapshotSource source) {
    gauge(
        "snapshot.fetch.total.bytes",
        "Size of the snapshot fetched last from another master.",
        fetching::totalBytes);
    gauge("snapshot.fetch.present.bytes", "How much of it is here.", fetching::presentBytes);
    counter(
        "snapshot.received.bytes",
        "Bytes of snapshots that came from other masters.",
        fetching,
        TransferProgress::receivedBytes);
    counter(
        "snapshot.served.bytes",
        "Bytes of snapshots given to other masters.",
        source,
        SnapshotSource::servedBytes);
  }

  void health(DiskWatch disk, Probation probation) {
    gauge("disk.free.bytes", "Free space of the data directory's disk.", disk::freeBytes);
    gauge("disk.low", "1 where it refuses what needs space if it leads.", () -> disk.low() ? 1 : 0);
    gauge(
        "probation",
        "1 where it does not vote because it may have lost entries.",
        () -> probation.active() ? 1 : 0);
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
    counter("jobs.failed", "Jobs that failed for good.", jobs.counts(), JobCounts::failed);
    counter(
        "jobs.conflicts",
        "Jobs that met another object at the UFS, which was kept.",
        jobs.counts(),
        JobCounts::conflicts);
  }

  void replicas(Replicator replicator) {
    gauge(
        "blocks.short",
        "Blocks that the UFS does not have, at fewer workers than they should be.",
        replicator::shortBlocks);
    gauge(
        "blocks.lost", "Blocks that the UFS does not have, at no worker.", replicator::lostBlocks);
    gauge("copies.assigned", "Replicas that a worker is making.", replicator::copying);
    counter("copies.made", "Replicas that were made.", replicator, Replicator::copied);
    counter(
        "copies.failed",
        "Replicas that could not be made, or took too long.",
        replicator,
        Replicator::failedCopies);
  }

  void ttl(TtlSweeper sweeper) {
    counter(
        "ttl.freed",
        "Files past their time to live whose cached copies were told to go.",
        sweeper,
        TtlSweeper::freed);
    counter(
        "ttl.deleted",
        "Files past their time to live that were deleted.",
        sweeper,
        TtlSweeper::deleted);
  }

  void secrets(SecretsWatch watch) {
    gauge(
        "secrets.unopened",
        "Mounts with a secret that no key of master.secrets-key-file opens.",
        watch::unopened);
    gauge("secrets.clear", "Mounts with a secret that is not sealed.", watch::clear);
  }

  private <T> void counter(String name, String description, T counted, ToDoubleFunction<T> value) {
    FunctionCounter.builder("curvine.master." + name, counted, value)
        .description(description)
        .register(registry);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("curvine.master." + name, value).description(description).register(registry);
  }
}
