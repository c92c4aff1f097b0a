/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CopyOrder;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.PlaceBlock;
import io.curvine.protocol.proto.PollCopies;
import io.curvine.worker.cluster.Lease;
import io.curvine.worker.cluster.MasterClient;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leader which blocks to copy from other workers, copies them, and says that they are
 * here. Beside jobs, so that a UFS that hangs holds no copy up. The asking is one thread's.
 */
public final class CopyRunner implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyRunner.class);
  private static final int SLOTS = 2;
  private static final long PAUSE_MS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SAY_PATIENCE = Duration.ofMinutes(1);

  /** After these a copy is surely not counted on. */
  private static final Set<ErrorCode> REFUSALS =
      EnumSet.of(ErrorCode.NOT_FOUND, ErrorCode.FILE_BUSY, ErrorCode.INVALID_ARGUMENT);

  private final MasterClient masters;
  private final Lease lease;
  private final int workerId;
  private final ReplicaCopier copier;
  private final ExecutorService threads;
  private final Semaphore free = new Semaphore(SLOTS);
  private final Semaphore freed = new Semaphore(0);
  private final Set<BlockId> running = ConcurrentHashMap.newKeySet();
  private final Queue<BlockId> ended = new ConcurrentLinkedQueue<>();
  private final Queue<BlockId> failed = new ConcurrentLinkedQueue<>();

  /**
   * What copies are made with.
   *
   * @param named hears of blocks that are to stay, before they are here
   */
  public record Tools(
      FileContent content, BlockStore store, Throttle rate, Consumer<BlockKey> named) {}

  public CopyRunner(MasterClient masters, Lease lease, int workerId, Tools tools) {
    this.masters = masters;
    this.lease = lease;
    this.workerId = workerId;
    this.copier = new ReplicaCopier(tools.content, tools.store, tools.rate, tools.named);
    this.threads = Executors.newFixedThreadPool(SLOTS, new DefaultThreadFactory("copy", true));
  }

  /** Works until the client of the masters is closed. */
  @Override
  public void run() {
    while (!masters.isClosed()) {
      try {
        if (lease.held() && free.availablePermits() > 0) {
          poll();
        }
      } catch (IOException e) {
        LOG.debug("no copies: {}", e.toString());
      } catch (RuntimeException e) {
        LOG.error("asking for copies failed", e);
      }
      try {
        boolean one = freed.tryAcquire(PAUSE_MS, TimeUnit.MILLISECONDS);
        LOG.trace("asking again, {}", one ? "a copy ended" : "after a while");
        freed.drainPermits();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void poll() throws IOException {
    List<BlockId> good = drain(ended);
    List<BlockId> bad = drain(failed);
    PollCopies request =
        PollCopies.newBuilder()
            .setWorkerId(workerId)
            .setLimit(free.availablePermits())
            .addAllEnded(good)
            .addAllFailed(bad)
            .build();
    List<CopyOrder> orders;
    try {
      orders =
          masters
              .askLeader(
                  MasterRequest.newBuilder().setPollCopies(request).build(),
                  Duration.ZERO,
                  PATIENCE)
              .getPollCopies()
              .getCopiesList();
    } catch (IOException e) {
      ended.addAll(good);
      failed.addAll(bad);
      throw e;
    }
    for (CopyOrder order : orders) {
      if (running.add(order.getBlock())) {
        free.acquireUninterruptibly();
        threads.execute(() -> carryOut(order));
      }
    }
  }

  private static List<BlockId> drain(Queue<BlockId> queue) {
    List<BlockId> all = new ArrayList<>();
    for (BlockId block = queue.poll(); block != null; block = queue.poll()) {
      all.add(block);
    }
    return all;
  }

  private void carryOut(CopyOrder order) {
    boolean good = false;
    try {
      good = copy(order);
    } catch (IOException | RuntimeException e) {
      LOG.warn("no replica of {}: {}", BlockKey.of(order.getBlock()), e.toString());
    } finally {
      (good ? ended : failed).add(order.getBlock());
      running.remove(order.getBlock());
      free.release();
      freed.release();
    }
  }

  /** Whether the replica is here, and counted on. */
  private boolean copy(CopyOrder order) throws IOException {
    copier.copy(order);
    PlaceBlock place =
        PlaceBlock.newBuilder()
            .setBlock(order.getBlock())
            .setLengthBytes(order.getLengthBytes())
            .setAddedWorkerId(workerId)
            .build();
    Command command = Command.newBuilder().setPlaceBlock(place).build();
    try {
      masters.askLeader(
          MasterRequest.newBuilder().setCommand(command).build(), Duration.ZERO, SAY_PATIENCE);
      return true;
    } catch (CurvineException e) {
      // After anything else it may be counted on; where it is not, the checker will hear of it.
      if (REFUSALS.contains(e.code())) {
        copier.drop(BlockKey.of(order.getBlock()));
      }
      throw e;
    }
  }

  /** Takes no more; what is under way ends. */
  @Override
  public void close() {
    threads.shutdown();
    freed.release();
  }
}
