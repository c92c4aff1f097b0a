/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.replicas;

import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.WrittenBlocks;
import io.curvine.master.query.WrittenBlocks.WrittenBlock;
import io.curvine.master.replicas.Doubts.Doubt;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CopyOrder;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.PlaceBlock;
import io.curvine.protocol.proto.PollCopies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that blocks which the UFS does not have are at as many workers as they should be. The
 * leader looks at all of them, again and again, a little at a time; a worker that asks is told what
 * to copy, and the journal then says that it is counted on. What is known here is soft: a new
 * leader looks anew. Thread-safe; {@link #observe} does not wait.
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

  /** Blocks of which workers are being let go. */
  private final Set<BlockId> lettingGo = ConcurrentHashMap.newKeySet();

  /** Blocks that something is to be done about, those longest seen so first. */
  private final Doubts doubts = new Doubts(DOUBTS_MAX);

  /** Those that nothing can be done about: nobody has them, or nobody can take a copy. */
  private final Doubts hopeless = new Doubts(DOUBTS_MAX);

  private long nextInode;
  private int nextIndex;

  /** Blocks for which workers that were leaving when the round began are counted on. */
  private final Map<Integer, Integer> leavingSoFar = new HashMap<>();

  private int shortSoFar;
  private int lostSoFar;
  private volatile int shortBlocks;
  private volatile int lostBlocks;

  /** A worker is to leave, or to stay: what was counted so far is of the time before. */
  private volatile boolean leavingChanged;

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

  private WorkersNow workersNow() {
    return new WorkersNow(workers, queries.get().workers(), patienceNanos);
  }

  /** Looks at some more of the blocks. Called now and then while this master leads. */
  public synchronized void tick() {
    copies.expire();
    if (leavingChanged) {
      leavingChanged = false;
      abandonRound();
    }
    WorkersNow now = workersNow();
    long until = clockNanos.getAsLong() + PIECES_NANOS;
    if (nextInode == 0) {
      now.leaving().forEach(worker -> leavingSoFar.put(worker, 0));
    }
    boolean more = true;
    while (more && clockNanos.getAsLong() - until < 0) {
      WrittenBlocks.Piece piece = queries.get().writtenBlocks(nextInode, nextIndex, PIECE);
      piece.blocks().forEach(block -> look(block, now));
      more = piece.more();
      nextInode = piece.nextInode();
      nextIndex = piece.nextIndex();
    }
    if (!more) {
      endRound();
    }
  }

  private void endRound() {
    doubts.endRound();
    hopeless.endRound();
    workers.neededBlocks(Map.copyOf(leavingSoFar));
    if (leavingChanged) { // it may have been told meanwhile, and takes back what it said
      workers.neededBlocks(Map.of());
    }
    if (lostSoFar > lostBlocks) {
      LOG.warn("{} blocks that the UFS does not have are at no worker", lostSoFar);
    }
    shortBlocks = shortSoFar;
    lostBlocks = lostSoFar;
    abandonRound();
  }

  private void abandonRound() {
    nextInode = 0;
    nextIndex = 0;
    leavingSoFar.clear();
    shortSoFar = 0;
    lostSoFar = 0;
  }

  private void look(WrittenBlock block, WorkersNow now) {
    for (int worker : block.workers()) {
      leavingSoFar.computeIfPresent(worker, (id, blocks) -> blocks + 1);
    }
    if (block.open()) {
      return;
    }
    Standing standing = now.standing(block);
    List<Integer> surplus = standing.surplus();
    if (!standing.isShort() && surplus.isEmpty()) {
      return;
    }
    boolean hope =
        !standing.isShort()
            || (!standing.holders().isEmpty() && !now.targets(block, standing, Set.of()).isEmpty());
    Doubt doubt = (hope ? doubts : hopeless).see(block.id(), clockNanos.getAsLong());
    if (doubt != null && clockNanos.getAsLong() - doubt.sinceNanos() < DOUBT_NANOS) {
      return;
    }
    if (standing.isLost()) {
      lostSoFar++;
    } else if (standing.isShort()) {
      shortSoFar++;
    }
    if (doubt != null && !surplus.isEmpty()) {
      letGo(block, surplus);
    }
  }

  private void letGo(WrittenBlock block, List<Integer> surplus) {
    if (lettingGo.size() >= PROPOSALS_MAX || !lettingGo.add(block.id())) {
      return;
    }
    PlaceBlock place =
        PlaceBlock.newBuilder()
            .setBlock(block.id())
            .addAllRemovedWorkerIds(surplus)
            .addAllExpectedWorkerIds(block.workers())
            .build();
    propose
        .apply(Command.newBuilder().setPlaceBlock(place).build())
        .whenComplete(
            (reply, failure) -> {
              lettingGo.remove(block.id());
              if (failure != null || reply.code() != ErrorCode.OK) {
                LOG.debug(
                    "workers {} stay counted on for {}: {}",
                    surplus,
                    block,
                    failure == null ? reply : failure);
              }
            });
  }

  /** A worker says what became of its copies, and is told what to copy now. */
  public synchronized List<CopyOrder> poll(PollCopies poll) {
    int worker = poll.getWorkerId();
    for (BlockId block : poll.getEndedList()) {
      copies.ended(block, worker);
      putOff(block, DOUBT_NANOS); // it is not in the worker's reports yet
    }
    for (BlockId block : poll.getFailedList()) {
      if (copies.failed(block, worker)) {
        putOff(block, RETRY_NANOS).ifPresent(doubt -> doubt.failedWorkers().add(worker));
      }
    }
    int left = Math.min(poll.getLimit(), copies.leftFor(worker));
    if (left <= 0 || doubts.isEmpty()) {
      return List.of();
    }
    WorkersNow now = workersNow();
    return now.takes(worker) ? take(worker, left, now) : List.of();
  }

  private Optional<Doubt> putOff(BlockId block, long nanos) {
    Optional<Doubt> doubt = Optional.ofNullable(doubts.find(block));
    doubt.ifPresent(known -> known.notBefore(clockNanos.getAsLong() + nanos));
    return doubt;
  }

  private List<CopyOrder> take(int worker, int limit, WorkersNow now) {
    List<CopyOrder> orders = new ArrayList<>();
    long nanos = clockNanos.getAsLong();
    int seen = 0;
    for (Map.Entry<BlockId, Doubt> entry : doubts.entries()) {
      if (seen == LOOK_AHEAD || orders.size() == limit) {
        break;
      }
      Doubt doubt = entry.getValue();
      boolean due =
          nanos - doubt.sinceNanos() >= DOUBT_NANOS && nanos - doubt.notBeforeNanos() >= 0;
      if (due && !copies.underWay(entry.getKey())) {
        seen++;
        queries
            .get()
            .writtenBlock(entry.getKey())
            .filter(block -> !block.open())
            .flatMap(block -> order(block, doubt, worker, now))
            .ifPresent(orders::add);
      }
    }
    return orders;
  }

  private Optional<CopyOrder> order(WrittenBlock block, Doubt doubt, int worker, WorkersNow now) {
    Standing standing = now.standing(block);
    List<Integer> sources = copies.readable(standing.holders());
    boolean may =
        standing.isShort()
            && !sources.isEmpty()
            && now.targets(block, standing, doubt.failedWorkers()).contains(worker);
    if (!may) {
      return Optional.empty();
    }
    // One that was started anew, as another worker, has the address of the one that it was.
    Optional<HostPort> own = workers.locate(worker).map(Replicator::data);
    List<BlockLocation> locations =
        sources.stream()
            .map(workers::locate)
            .flatMap(Optional::stream)
            .filter(source -> !own.equals(Optional.of(data(source))))
            .toList();
    if (locations.isEmpty()) {
      return Optional.empty();
    }
    copies.began(block.id(), worker, locations.get(0).getWorkerId());
    return Optional.of(
        CopyOrder.newBuilder()
            .setBlock(block.id())
            .setLengthBytes(block.lengthBytes())
            .addAllSources(locations)
            .build());
  }

  private static HostPort data(BlockLocation worker) {
    return new HostPort(worker.getAddress().getHost(), worker.getAddress().getDataPort());
  }

  /** Follows the journal. */
  public void observe(Event event) {
    if (event.hasWorkerLeavingSet()) {
      leavingChanged = true;
      workers.neededBlocks(Map.of());
    }
  }

  /** This master does not lead, or begins to. */
  public synchronized void reset() {
    doubts.clear();
    hopeless.clear();
    copies.clear();
    abandonRound();
    workers.neededBlocks(Map.of());
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
