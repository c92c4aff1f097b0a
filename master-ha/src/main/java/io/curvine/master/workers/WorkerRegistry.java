/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import io.curvine.master.query.SoftState;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.WorkerRecord;
import io.curvine.protocol.proto.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the workers last told this master: that they live, how full they are, and which blocks they
 * hold. Nothing of it is journaled; a restarted master asks for full reports. Thread-safe.
 */
public final class WorkerRegistry implements SoftState {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRegistry.class);

  private final long deadAfterNanos;
  private final long forgetAfterNanos;
  private final IntPredicate leaving;
  private final LongSupplier clockNanos;
  private final long madeNanos;
  private final Map<Integer, LiveWorker> workers = new ConcurrentHashMap<>();

  private volatile Map<Integer, Integer> neededBlocks = Map.of();

  private final ReentrantReadWriteLock blocksLock = new ReentrantReadWriteLock();
  private final BlockMap blocks = new BlockMap();

  /** Incarnation whose full report is complete, by worker. */
  private final Map<Integer, String> reported = new HashMap<>();

  /** The full report that is being received, by worker. */
  private final Map<Integer, Partial> partial = new HashMap<>();

  private record Partial(String incarnation, BlockMap blocks) {}

  /**
   * @param deadAfter a worker without a heartbeat for so long is dead; after 100 times that its
   *     blocks are forgotten
   * @param leaving whether a worker is drained: it gets nothing new
   * @param clockNanos as {@link System#nanoTime}
   */
  public WorkerRegistry(Duration deadAfter, IntPredicate leaving, LongSupplier clockNanos) {
    this.deadAfterNanos = deadAfter.toNanos();
    this.forgetAfterNanos = deadAfter.multipliedBy(100).toNanos();
    this.leaving = leaving;
    this.clockNanos = clockNanos;
    this.madeNanos = clockNanos.getAsLong();
  }

  /**
   * Takes a heartbeat.
   *
   * @return whether a full report is wanted
   */
  public boolean heartbeat(Heartbeat beat) {
    LiveWorker before =
        workers.put(beat.getWorkerId(), new LiveWorker(beat, clockNanos.getAsLong()));
    if (before == null || !isLive(before)) {
      LOG.info(
          "worker {} at {}:{} is live",
          beat.getWorkerId(),
          beat.getAddress().getHost(),
          beat.getAddress().getDataPort());
    }
    blocksLock.readLock().lock();
    try {
      return !beat.getIncarnation().equals(reported.get(beat.getWorkerId()));
    } finally {
      blocksLock.readLock().unlock();
    }
  }

  /**
   * Takes a report, or a page of a full one. Blocks that a full report does not name are dropped at
   * its end, not before.
   *
   * @return false where a full report is wanted instead
   */
  public boolean report(BlockReport report) {
    int worker = report.getWorkerId();
    blocksLock.writeLock().lock();
    try {
      if (report.getFull()) {
        return fullPage(worker, report);
      }
      if (!report.getIncarnation().equals(reported.get(worker))) {
        return false;
      }
      for (BlockId id : report.getRemovedList()) {
        blocks.remove(id.getInode(), id.getVersion(), id.getIndex(), worker);
      }
      for (BlockId id : report.getAddedList()) {
        blocks.add(id.getInode(), id.getVersion(), id.getIndex(), worker);
      }
      return true;
    } finally {
      blocksLock.writeLock().unlock();
    }
  }

  private boolean fullPage(int worker, BlockReport page) {
    if (page.getFirst()) {
      reported.remove(worker);
      partial.put(worker, new Partial(page.getIncarnation(), new BlockMap()));
    }
    Partial receiving = partial.get(worker);
    if (receiving == null || !receiving.incarnation.equals(page.getIncarnation())) {
      return false;
    }
    for (BlockId id : page.getAddedList()) {
      blocks.add(id.getInode(), id.getVersion(), id.getIndex(), worker);
      receiving.blocks.add(id.getInode(), id.getVersion(), id.getIndex(), worker);
    }
    if (page.getLast()) {
      partial.remove(worker);
      blocks.retain(worker, receiving.blocks);
      reported.put(worker, page.getIncarnation());
      LOG.info("worker {} reported {} blocks", worker, receiving.blocks.size());
    }
    return true;
  }

  /** Whether a worker's heartbeat is recent. */
  public boolean isLive(int workerId) {
    LiveWorker worker = workers.get(workerId);
    return worker != null && isLive(worker);
  }

  /** Whether a worker lives and was not restarted since it had this incarnation. */
  public boolean isLiveSince(int workerId, String incarnation) {
    LiveWorker worker = workers.get(workerId);
    return worker != null && isLive(worker) && worker.beat().getIncarnation().equals(incarnation);
  }

  /** Whether a worker has told all that it holds since it was last started. */
  public boolean hasReported(int workerId) {
    blocksLock.readLock().lock();
    try {
      String incarnation = reported.get(workerId);
      return incarnation != null && incarnation.equals(incarnation(workerId));
    } finally {
      blocksLock.readLock().unlock();
    }
  }

  /** What a worker calls this run of its process; empty where it is not known. */
  public String incarnation(int workerId) {
    LiveWorker worker = workers.get(workerId);
    return worker == null ? "" : worker.beat().getIncarnation();
  }

  /** Where a worker runs; empty where it is not known. */
  public Place place(int workerId) {
    LiveWorker worker = workers.get(workerId);
    return worker == null
        ? Place.getDefaultInstance()
        : Place.newBuilder().setHost(worker.host()).setRack(worker.rack()).build();
  }

  private boolean isLive(LiveWorker worker) {
    return clockNanos.getAsLong() - worker.lastBeatNanos() < deadAfterNanos;
  }

  /** Whether a worker holds a block, as far as is known. */
  public boolean holds(int workerId, BlockId id) {
    blocksLock.readLock().lock();
    try {
      return blocks.holds(id.getInode(), id.getVersion(), id.getIndex(), workerId);
    } finally {
      blocksLock.readLock().unlock();
    }
  }

  /** The live workers that hold any of the blocks. */
  public Set<Integer> holdersOfAny(List<BlockId> ids) {
    Set<Integer> holders = new TreeSet<>();
    blocksLock.readLock().lock();
    try {
      for (BlockId id : ids) {
        for (int holder : blocks.holders(id.getInode(), id.getVersion(), id.getIndex())) {
          holders.add(holder);
        }
      }
    } finally {
      blocksLock.readLock().unlock();
    }
    holders.removeIf(holder -> !isLive(holder));
    return holders;
  }

  /** Blocks with a holder. */
  public int blockCount() {
    blocksLock.readLock().lock();
    try {
      return blocks.size();
    } finally {
      blocksLock.readLock().unlock();
    }
  }

  /** Workers with a recent heartbeat. */
  public int liveCount() {
    return (int) live().count();
  }

  Stream<LiveWorker> live() {
    return workers.values().stream().filter(this::isLive);
  }

  /** Those that something new may go to. */
  Stream<LiveWorker> staying() {
    return live().filter(worker -> !leaving.test(worker.id()));
  }

  /** For how many blocks that the UFS does not have each worker that is drained is counted on. */
  public void neededBlocks(Map<Integer, Integer> byWorker) {
    neededBlocks = byWorker;
  }

  /** Since a worker's last heartbeat, or since this master began to listen. */
  public long silentNanos(int workerId) {
    LiveWorker worker = workers.get(workerId);
    return clockNanos.getAsLong() - (worker == null ? madeNanos : worker.lastBeatNanos());
  }

  /** Where a worker that was heard of can be reached. */
  public Optional<BlockLocation> locate(int workerId) {
    return Optional.ofNullable(workers.get(workerId)).map(worker -> location(worker, true));
  }

  /**
   * A worker that something new may go to.
   *
   * @param room bytes that it can take which the UFS does not have
   */
  public record Taker(int id, String host, String rack, long room) {}

  /** Those that stay, and have told what they hold. */
  public List<Taker> takers() {
    return staying()
        .filter(worker -> hasReported(worker.id()))
        .map(worker -> new Taker(worker.id(), worker.host(), worker.rack(), worker.writableBytes()))
        .toList();
  }

  /** Forgets the blocks of workers that have been dead for long. Called now and then. */
  public void sweep() {
    long now = clockNanos.getAsLong();
    for (LiveWorker worker : List.copyOf(workers.values())) {
      if (now - worker.lastBeatNanos() >= forgetAfterNanos && workers.remove(worker.id(), worker)) {
        blocksLock.writeLock().lock();
        try {
          reported.remove(worker.id());
          partial.remove(worker.id());
          blocks.retain(worker.id(), null);
        } finally {
          blocksLock.writeLock().unlock();
        }
        LOG.info("worker {} is forgotten", worker.id());
      }
    }
  }

  @Override
  public List<BlockLocation> holders(BlockId block, Place client) {
    return nearestOf(holding(block), block, client).map(worker -> location(worker, true)).toList();
  }

  @Override
  public List<BlockLocation> readers(BlockId block, Place client, int min) {
    List<LiveWorker> holding = holding(block);
    boolean allHot = holding.stream().allMatch(worker -> worker.hotBlocks().contains(block));
    int further = Math.max(allHot ? holding.size() : 0, min - holding.size());
    if (holding.isEmpty() || further <= 0) {
      return holders(block, client);
    }
    Set<Integer> holds = holding.stream().map(LiveWorker::id).collect(Collectors.toSet());
    List<LiveWorker> all = new ArrayList<>(holding);
    fillers(block, nearest(Place.getDefaultInstance()))
        .filter(worker -> !holds.contains(worker.id()))
        .limit(further)
        .forEach(all::add);
    return nearestOf(all, block, client)
        .map(worker -> location(worker, holds.contains(worker.id())))
        .toList();
  }

  private List<LiveWorker> holding(BlockId block) {
    int[] ids;
    blocksLock.readLock().lock();
    try {
      ids = blocks.holders(block.getInode(), block.getVersion(), block.getIndex());
    } finally {
      blocksLock.readLock().unlock();
    }
    List<LiveWorker> holding = new ArrayList<>(ids.length);
    for (int id : ids) {
      LiveWorker worker = workers.get(id);
      if (worker != null && isLive(worker)) {
        holding.add(worker);
      }
    }
    return holding;
  }

  /** Of those that are as near, other clients get others first. */
  private Stream<LiveWorker> nearestOf(List<LiveWorker> all, BlockId block, Place client) {
    long spread = Mix.block(block) ^ client.getHost().hashCode();
    return all.stream()
        .sorted(
            nearest(client).thenComparingDouble(worker -> Mix.distance(spread, worker.id(), 1)));
  }

  @Override
  public List<BlockLocation> fillCandidates(BlockId block, Place client, int count) {
    return fillers(block, nearest(client))
        .limit(count)
        .map(worker -> location(worker, false))
        .toList();
  }

  /** Those that can fill a block, by an order; of equals the same ones first for the same block. */
  private Stream<LiveWorker> fillers(BlockId block, Comparator<LiveWorker> order) {
    long hash = Mix.block(block);
    return staying()
        .filter(worker -> worker.capacityBytes() > 0)
        .sorted(
            order.thenComparingDouble(
                worker -> Mix.distance(hash, worker.id(), worker.capacityBytes())));
  }

  /** Workers on the client's host before those in its rack, and these before others. */
  static Comparator<LiveWorker> nearest(Place client) {
    String rack = client.getRack();
    return Comparator.comparingInt(
        worker -> {
          if (worker.host().equals(client.getHost())) {
            return 0;
          }
          return !rack.isEmpty() && worker.rack().equals(rack) ? 1 : 2;
        });
  }

  @Override
  public Place locate(Place client) {
    if (!client.getRack().isEmpty() || client.getHost().isEmpty()) {
      return client;
    }
    return live()
        .filter(worker -> worker.host().equals(client.getHost()) && !worker.rack().isEmpty())
        .findFirst()
        .map(beside -> client.toBuilder().setRack(beside.rack()).build())
        .orElse(client);
  }

  private static BlockLocation location(LiveWorker worker, boolean holds) {
    return BlockLocation.newBuilder()
        .setWorkerId(worker.id())
        .setAddress(worker.beat().getAddress())
        .setHolds(holds)
        .build();
  }

  @Override
  public List<WorkerStatus> statuses(Collection<WorkerRecord> known) {
    long now = clockNanos.getAsLong();
    return known.stream().map(record -> status(record, now)).toList();
  }

  private WorkerStatus status(WorkerRecord record, long now) {
    WorkerStatus.Builder status =
        WorkerStatus.newBuilder()
            .setId(record.getId())
            .setUuid(record.getUuid())
            .setAddress(record.getAddress())
            .setLeaving(record.getLeaving())
            .setNeededBlocks(-1)
            .setLastHeartbeatMsAgo(-1);
    LiveWorker worker = workers.get(record.getId());
    if (worker == null) {
      return status.build();
    }
    Heartbeat beat = worker.beat();
    return status
        .setNeededBlocks(needed(worker))
        .setAddress(beat.getAddress())
        .addAllTiers(beat.getTiersList())
        .setLive(isLive(worker))
        .setLastHeartbeatMsAgo(TimeUnit.NANOSECONDS.toMillis(now - worker.lastBeatNanos()))
        .setPid(beat.getPid())
        .setFeedOffset(beat.getFeedOffset())
        .setCorruptPages(beat.getCorruptPages())
        .build();
  }

  /** It may hold what no record names yet: a file that is written, and not published. */
  private int needed(LiveWorker worker) {
    int blocks = neededBlocks.getOrDefault(worker.id(), -1);
    return blocks == 0 && worker.neededBytes() > 0 ? -1 : blocks;
  }

  @Override
  public long capacityBytes() {
    return live().mapToLong(LiveWorker::capacityBytes).sum();
  }

  @Override
  public long usedBytes() {
    return live().mapToLong(LiveWorker::usedBytes).sum();
  }
}
