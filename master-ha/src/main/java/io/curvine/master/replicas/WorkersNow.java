/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import io.curvine.master.query.WrittenBlocks.WrittenBlock;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.master.workers.WorkerRegistry.Taker;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.WorkerRecord;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The workers as they are for a short while, so that many blocks can be compared with them at
 * little cost. Which blocks they hold is looked up each time.
 */
final class WorkersNow {
  private final WorkerRegistry registry;
  private final long patienceNanos;
  private final Set<Integer> known = new HashSet<>();
  private final Set<Integer> leaving = new HashSet<>();
  private final Map<Integer, Taker> takers;

  /**
   * Looks at them.
   *
   * @param records of all workers of the cluster
   * @param patienceNanos so long a silent worker is waited for
   */
  WorkersNow(WorkerRegistry registry, Collection<WorkerRecord> records, long patienceNanos) {
    this.registry = registry;
    this.patienceNanos = patienceNanos;
    for (WorkerRecord record : records) {
      known.add(record.getId());
      if (record.getLeaving()) {
        leaving.add(record.getId());
      }
    }
    this.takers =
        registry.takers().stream().collect(Collectors.toMap(Taker::id, Function.identity()));
  }

  /** Those that are drained. */
  Set<Integer> leaving() {
    return leaving;
  }

  /** Whether anything may be copied to a worker. */
  boolean takes(int worker) {
    return takers.containsKey(worker);
  }

  /** How a block stands; there cannot be more replicas than workers that are to stay. */
  Standing standing(WrittenBlock block) {
    int staying = known.size() - leaving.size();
    Standing standing = new Standing(Math.max(1, Math.min(block.replicas(), staying)));
    for (int worker : block.workers()) {
      where(worker, block, standing).add(worker);
    }
    return standing;
  }

  private List<Integer> where(int worker, WrittenBlock block, Standing standing) {
    if (!known.contains(worker)) {
      return standing.gone();
    }
    if (!registry.isLive(worker)) {
      boolean waitedFor = registry.silentNanos(worker) < patienceNanos;
      return waitedFor ? standing.awaited() : standing.gone();
    }
    if (!registry.hasReported(worker)) {
      return standing.awaited(); // what is known of it may be of an earlier start
    }
    if (!registry.holds(worker, block.id())) {
      return standing.gone();
    }
    return leaving.contains(worker) ? standing.leaving() : standing.good();
  }

  /**
   * Who may make a copy: not whoever failed, and in a rack, or else on a host, that has none, where
   * there are such.
   */
  List<Integer> targets(WrittenBlock block, Standing standing, Set<Integer> failed) {
    List<Taker> all =
        takers.values().stream()
            .filter(taker -> taker.room() >= block.lengthBytes())
            .filter(taker -> isFree(taker.id(), block, standing))
            .toList();
    List<Place> taken = standing.good().stream().map(registry::place).toList();
    Set<String> racks = taken.stream().map(Place::getRack).collect(Collectors.toSet());
    Set<String> hosts = taken.stream().map(Place::getHost).collect(Collectors.toSet());
    List<Taker> able = prefer(all, taker -> !failed.contains(taker.id()));
    List<Taker> apart = prefer(able, taker -> !racks.contains(taker.rack()));
    return prefer(apart, taker -> !hosts.contains(taker.host())).stream().map(Taker::id).toList();
  }

  private boolean isFree(int worker, WrittenBlock block, Standing standing) {
    return (!block.workers().contains(worker) || standing.gone().contains(worker))
        && !registry.holds(worker, block.id());
  }

  private static List<Taker> prefer(List<Taker> all, Predicate<Taker> better) {
    List<Taker> preferred = all.stream().filter(better).toList();
    return preferred.isEmpty() ? all : preferred;
  }
}
