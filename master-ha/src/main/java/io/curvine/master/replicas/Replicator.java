/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.WrittenBlocks;
import io.curvine.master.query.WrittenBlocks.WrittenBlock;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CopyOrder;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.PlaceBlock;
import io.curvine.protocol.proto.WorkerRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that blocks which the UFS does not have are at as many workers as they should be. The
 * leader looks at all of them, again and again, a little at a time; a worker that asks for work is
 * told what to copy, and the journal then says that it is counted on. What is known here is soft: a
 * new leader looks anew. Thread-safe; {@link #observe} does not wait.
 */
public final class Replicator {
  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);

  /** A block that was just written is not in its worker's reports yet. */
  private static final long DOUBT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int DOUBTS_MAX = 10_000;
  private static final int PIECE = 1_000;
  private static final long PIECES_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int PROPOSALS_MAX = 64;
  private static final int LOOK_AHEAD = 256;

  private final Supplier<QueryEngine> queries;
  private final WorkerRegistry workers;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final long patienceNanos;
  private final LongSupplier clockNanos;
  private final Copies copies;
  private final Semaphore proposals = new Semaphore(PROPOSALS_MAX);

  /** Blocks that do not stand as they should, those longest seen so first. */
  private final Map<BlockId, Doubt> doubts = new LinkedHashMap<>();

  /** Workers that are not to leave, dead ones too: more replicas than these there cannot be. */
  private int staying;

  /** Passes over all blocks so far. */
  private long round;

  private long nextInode;
  private int nextIndex;

  /** Blocks for which workers that were leaving when the round began are counted on. */
  private final Map<Integer, Integer> leavingSoFar = new HashMap<>();

  private int shortSoFar;
  private int lostSoFar;
  private volatile int shortBlocks;
  private volatile int lostBlocks;

  /** Since when, and who could not make the copy. */
  private static final class Doubt {
    private final long sinceNanos;
    private long round;
    private long notBeforeNanos;
    private int failedWorker;

    Doubt(long nowNanos) {
      this.sinceNanos = nowNanos;
      this.notBeforeNanos = nowNanos + DOUBT_NANOS;
    }
  }

  /**
   * How long is waited.
   *
   * @param silence a worker that is silent for so long is not counted on any more
   * @param copy a copy that takes longer is given to another worker
   */
  public record Patience(Duration silence, Duration copy) {}

  /**
   * @param propose gives a command to the leader's decide loop
   * @param clockNanos as {@link System#nanoTime}
   */
  public Replicator(
      Supplier<QueryEngine> queries,
      WorkerRegistry workers,
      Function<Command, CompletableFuture<Reply>> propose,
      Patience patience,
      LongSupplier clockNanos) {
    this.queries = queries;
    this.workers = workers;
    this.propose = propose;
    this.patienceNanos = patience.silence.toNanos();
    this.clockNanos = clockNanos;
    this.copies = new Copies(workers, patience.copy.toNanos(), clockNanos);
  }

  /** Looks at some more of the blocks. Called now and then while this master leads. */
  public synchronized void tick() {
    copies.expire();
    staying = (int) queries.get().workers().stream().filter(each -> !each.getLeaving()).count();
    long until = clockNanos.getAsLong() + PIECES_NANOS;
    boolean more = true;
    if (nextInode == 0) {
      beginRound();
    }
    while (more && clockNanos.getAsLong() - until < 0) {
      WrittenBlocks.Piece piece = queries.get().writtenBlocks(nextInode, nextIndex, PIECE);
      piece.blocks().forEach(this::look);
      more = piece.more();
      nextInode = piece.nextInode();
      nextIndex = piece.nextIndex();
      if (!more) {
        endRound();
      }
    }
  }

  private void beginRound() {
    queries.get().workers().stream()
        .filter(WorkerRecord::getLeaving)
        .forEach(worker -> leavingSoFar.put(worker.getId(), 0));
  }

  private void endRound() {
    nextInode = 0;
    nextIndex = 0;
    doubts.values().removeIf(doubt -> doubt.round != round);
    round++;
    workers.neededBlocks(Map.copyOf(leavingSoFar));
    leavingSoFar.clear();
    if (lostSoFar > lostBlocks) {
      LOG.warn("{} blocks that the UFS does not have are at no worker", lostSoFar);
    }
    shortBlocks = shortSoFar;
    lostBlocks = lostSoFar;
    shortSoFar = 0;
    lostSoFar = 0;
  }

  private void look(WrittenBlock block) {
    for (int worker : block.workers()) {
      leavingSoFar.computeIfPresent(worker, (id, blocks) -> blocks + 1);
    }
    if (block.open()) {
      return;
    }
    Standing standing = standing(block);
    if (standing.isLost()) {
      lostSoFar++;
    } else if (standing.isShort()) {
      shortSoFar++;
    }
    List<Integer> surplus = standing.surplus();
    boolean copied = standing.isShort() && !standing.holders().isEmpty();
    if (!copied && surplus.isEmpty()) {
      doubts.remove(block.id());
      return;
    }
    Doubt doubt = doubts.get(block.id());
    long now = clockNanos.getAsLong();
    if (doubt == null) {
      if (doubts.size() == DOUBTS_MAX) {
        return; // its turn comes in a later round
      }
      doubt = new Doubt(now);
      doubts.put(block.id(), doubt);
    }
    doubt.round = round;
    if (!surplus.isEmpty() && now - doubt.sinceNanos >= DOUBT_NANOS) {
      letGo(block.id(), surplus);
    }
  }

  private Standing standing(WrittenBlock block) {
    IntPredicate known = queries.get()::knowsWorker;
    int replicas = Math.max(1, Math.min(block.replicas(), staying));
    return Standing.of(block, replicas, workers, known, patienceNanos);
  }

  private void letGo(BlockId block, List<Integer> surplus) {
    if (!proposals.tryAcquire()) {
      return;
    }
    PlaceBlock place =
        PlaceBlock.newBuilder().setBlock(block).addAllRemovedWorkerIds(surplus).build();
    propose
        .apply(Command.newBuilder().setPlaceBlock(place).build())
        .whenComplete(
            (reply, failure) -> {
              proposals.release();
              if (failure != null || reply.code() != ErrorCode.OK) {
                LOG.debug(
                    "workers {} stay counted on for {}: {}",
                    surplus,
                    block,
                    failure == null ? reply : failure);
              }
            });
  }

  /** What a worker that asks for work is to copy, at most so many. */
  public synchronized List<CopyOrder> take(int worker, int limit) {
    int left = Math.min(limit, copies.leftFor(worker));
    List<CopyOrder> orders = new ArrayList<>();
    Iterator<Map.Entry<BlockId, Doubt>> next = doubts.entrySet().iterator();
    long now = clockNanos.getAsLong();
    int seen = 0;
    while (seen < LOOK_AHEAD && orders.size() < left && next.hasNext()) {
      Map.Entry<BlockId, Doubt> entry = next.next();
      if (now - entry.getValue().notBeforeNanos < 0 || copies.underWay(entry.getKey())) {
        continue;
      }
      seen++;
      Optional<WrittenBlock> block = queries.get().writtenBlock(entry.getKey());
      if (block.isEmpty() || block.get().open()) {
        next.remove();
      } else {
        order(block.get(), entry.getValue(), worker).ifPresent(orders::add);
      }
    }
    return orders;
  }

  private Optional<CopyOrder> order(WrittenBlock block, Doubt doubt, int worker) {
    Standing standing = standing(block);
    List<Integer> sources = copies.readable(standing.holders());
    if (!standing.isShort() || sources.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> targets = targets(block, standing, doubt);
    if (targets.isEmpty()) {
      doubt.notBeforeNanos = clockNanos.getAsLong() + RETRY_NANOS; // others get their turn
    }
    if (!targets.contains(worker)) {
      return Optional.empty();
    }
    List<BlockLocation> locations =
        sources.stream().map(workers::locate).flatMap(Optional::stream).toList();
    copies.began(block.id(), worker, sources.get(0));
    return Optional.of(
        CopyOrder.newBuilder()
            .setBlock(block.id())
            .setLengthBytes(block.lengthBytes())
            .addAllSources(locations)
            .build());
  }

  /** Who may make the copy: on a host that has none, and not whoever failed, where there are. */
  private List<Integer> targets(WrittenBlock block, Standing standing, Doubt doubt) {
    List<Integer> all =
        workers.withRoomFor(block.lengthBytes()).stream()
            .filter(id -> !block.workers().contains(id) || standing.gone().contains(id))
            .filter(id -> !workers.holds(id, block.id()))
            .toList();
    List<String> hosts = standing.good().stream().map(workers::host).toList();
    List<Integer> elsewhere = prefer(all, id -> !hosts.contains(workers.host(id)));
    return prefer(elsewhere, id -> id != doubt.failedWorker);
  }

  private static List<Integer> prefer(List<Integer> all, IntPredicate better) {
    List<Integer> preferred = all.stream().filter(better::test).toList();
    return preferred.isEmpty() ? all : preferred;
  }

  /** A worker could not make copies; others are asked, after a while. */
  public synchronized void failed(int worker, List<BlockId> blocks) {
    for (BlockId block : blocks) {
      Doubt doubt = doubts.get(block);
      if (copies.failed(block, worker) && doubt != null) {
        doubt.failedWorker = worker;
        doubt.notBeforeNanos = clockNanos.getAsLong() + RETRY_NANOS;
      }
    }
  }

  /** Follows the journal. */
  public void observe(Event event) {
    if (event.hasBlockPlaced()) {
      copies.placed(event.getBlockPlaced());
    }
  }

  /** This master does not lead, or begins to. */
  public synchronized void reset() {
    doubts.clear();
    copies.clear();
    nextInode = 0;
    nextIndex = 0;
    leavingSoFar.clear();
    workers.neededBlocks(Map.of());
    shortSoFar = 0;
    lostSoFar = 0;
    shortBlocks = 0;
    lostBlocks = 0;
  }

  /** Blocks with fewer replicas than they should have, when all had been looked at last. */
  public int shortBlocks() {
    return shortBlocks;
  }

  /** Blocks that nobody has, when all had been looked at last. */
  public int lostBlocks() {
    return lostBlocks;
  }

  /** Copies that workers are at. */
  public int copying() {
    return copies.count();
  }

  /** Copies that were made while this master led. */
  public long copied() {
    return copies.made();
  }

  /** Copies that failed, or were given up. */
  public long failedCopies() {
    return copies.failed();
  }
}
