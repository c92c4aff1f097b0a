/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The copies that workers were told to make, one a block. None is counted for ever: it ends with
 * the block's new place, with its failure, with the worker, or with its time. Thread-safe, and
 * nothing here waits.
 */
final class Copies {
  /** Of one worker at the same time, with what it reads and what it writes. */
  private static final int WRITES_MAX = 2;

  private static final int READS_MAX = 4;

  private final WorkerRegistry workers;
  private final long timeoutNanos;
  private final LongSupplier clockNanos;
  private final Map<BlockId, Copy> byBlock = new ConcurrentHashMap<>();
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private record Copy(int target, String incarnation, int source, long sinceNanos) {}

  Copies(WorkerRegistry workers, long timeoutNanos, LongSupplier clockNanos) {
    this.workers = workers;
    this.timeoutNanos = timeoutNanos;
    this.clockNanos = clockNanos;
  }

  boolean underWay(BlockId block) {
    return byBlock.containsKey(block);
  }

  /** How many more a worker may make now. */
  int leftFor(int target) {
    long writes = byBlock.values().stream().filter(copy -> copy.target == target).count();
    return (int) Math.max(0, WRITES_MAX - writes);
  }

  /** Those that are not read too much already, in the same order. */
  List<Integer> readable(List<Integer> holders) {
    return holders.stream()
        .filter(
            holder ->
                byBlock.values().stream().filter(copy -> copy.source == holder).count() < READS_MAX)
        .toList();
  }

  /** A worker was told to copy a block from another. */
  void began(BlockId block, int target, int source) {
    byBlock.put(
        block, new Copy(target, workers.incarnation(target), source, clockNanos.getAsLong()));
  }

  /** A worker said that it could not; false where it was not asked any more. */
  boolean failed(BlockId block, int target) {
    Copy copy = byBlock.get(block);
    boolean ended = copy != null && copy.target == target && byBlock.remove(block, copy);
    if (ended) {
      failed.incrementAndGet();
    }
    return ended;
  }

  /** A worker said that it has the block, and is counted on. */
  void ended(BlockId block, int target) {
    Copy copy = byBlock.get(block);
    if (copy != null && copy.target == target && byBlock.remove(block, copy)) {
      made.incrementAndGet();
    }
  }

  /** Gives up those whose worker was lost or started again, and those that take too long. */
  void expire() {
    long now = clockNanos.getAsLong();
    byBlock.forEach(
        (block, copy) -> {
          boolean over =
              now - copy.sinceNanos >= timeoutNanos
                  || !workers.isLiveSince(copy.target, copy.incarnation);
          if (over && byBlock.remove(block, copy)) {
            failed.incrementAndGet();
          }
        });
  }

  void clear() {
    byBlock.clear();
  }

  int count() {
    return byBlock.size();
  }

  long made() {
    return made.get();
  }

  long failed() {
    return failed.get();
  }
}
