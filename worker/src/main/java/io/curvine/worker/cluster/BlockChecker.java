/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CheckBlocks;
import io.curvine.protocol.proto.CheckBlocksReply;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.Query;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the leader about blocks of which it is not sure that they are still wanted, and obeys: those
 * of files that the journal named, and now and then all. Thread-safe; one thread does the asking.
 *
 * <p>A block that a client wrote may be here before the masters name it. Such a block is dropped
 * only when its file is known to be gone, or nobody has touched it for the grace time.
 */
public final class BlockChecker implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockChecker.class);
  private static final int BATCH_BLOCKS = 5_000;
  private static final int INODES_MAX = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MasterClient masters;
  private final BlockStore store;
  private final UnnamedBlocks unnamed;
  private final Consumer<BlockKey> few;
  private final int workerId;
  private final Duration sweepInterval;
  private final Duration grace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Set<Long> inodes = new LinkedHashSet<>();
  private boolean sweepWanted;
  private long neededOffset;

  /** The masters said last that there are policies. */
  private volatile boolean policies;

  /**
   * @param few hears of blocks that a policy wants at more workers
   */
  public BlockChecker(
      MasterClient masters,
      BlockStore store,
      UnnamedBlocks unnamed,
      Consumer<BlockKey> few,
      int workerId,
      Duration sweepInterval,
      Duration grace) {
    this.masters = masters;
    this.store = store;
    this.unnamed = unnamed;
    this.few = few;
    this.workerId = workerId;
    this.sweepInterval = sweepInterval;
    this.grace = grace;
  }

  /** The event at {@code offset} may have ended blocks of the file. */
  public void suspect(long inode, long offset) {
    if (store.keysOf(inode).isEmpty()) {
      return;
    }
    lock.lock();
    try {
      if (inodes.size() < INODES_MAX) {
        inodes.add(inode);
      } else {
        sweepWanted = true;
      }
      neededOffset = Math.max(neededOffset, offset);
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  /** After the event at {@code offset} a policy may say something else of the file's blocks. */
  public void reconsider(long inode, long offset) {
    if (policies) {
      suspect(inode, offset);
    }
  }

  /** The event at {@code offset}, or a gap before it, may have ended any block. */
  public void suspectAll(long offset) {
    lock.lock();
    try {
      sweepWanted = true;
      neededOffset = Math.max(neededOffset, offset);
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Checks until the client of the masters is closed. */
  @Override
  public void run() {
    while (!masters.isClosed()) {
      Set<Long> suspects = new HashSet<>();
      long needed;
      boolean sweep;
      try {
        sweep = await(suspects);
        needed = neededOffset();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (masters.isClosed()) {
        return;
      }
      try {
        if (sweep) {
          checkAll(store.keys(), needed, suspects);
        } else {
          List<BlockKey> keys = new ArrayList<>();
          suspects.forEach(inode -> keys.addAll(store.keysOf(inode)));
          checkAll(keys, needed, suspects);
        }
      } catch (IOException e) {
        LOG.warn("cannot check blocks with the leader, trying again: {}", e.toString());
        again(suspects, sweep);
      }
    }
  }

  /** Ends {@link #run}, once the client of the masters is closed. */
  @Override
  public void close() {
    suspectAll(0);
  }

  private boolean await(Set<Long> suspects) throws InterruptedException {
    lock.lock();
    try {
      long left = sweepInterval.toNanos();
      while (inodes.isEmpty() && !sweepWanted && left > 0) {
        left = wanted.awaitNanos(left);
      }
      boolean sweep = sweepWanted || left <= 0;
      suspects.addAll(inodes);
      inodes.clear();
      sweepWanted = false;
      return sweep;
    } finally {
      lock.unlock();
    }
  }

  private long neededOffset() {
    lock.lock();
    try {
      return neededOffset;
    } finally {
      lock.unlock();
    }
  }

  private void again(Set<Long> suspects, boolean sweep) {
    lock.lock();
    try {
      inodes.addAll(suspects);
      sweepWanted |= sweep;
    } finally {
      lock.unlock();
    }
    try {
      masters.pause(TimeUnit.SECONDS.toMillis(1));
    } catch (IOException e) {
      LOG.debug("no more checks: {}", e.getMessage());
    }
  }

  private void checkAll(List<BlockKey> keys, long needed, Set<Long> suspects) throws IOException {
    for (int from = 0; from < keys.size(); from += BATCH_BLOCKS) {
      check(keys.subList(from, Math.min(keys.size(), from + BATCH_BLOCKS)), needed, suspects);
    }
  }

  private void check(List<BlockKey> keys, long needed, Set<Long> suspects) throws IOException {
    CheckBlocks.Builder question = CheckBlocks.newBuilder().setWorkerId(workerId);
    keys.forEach(key -> question.addBlocks(key.toProto()));
    CheckBlocksReply reply =
        masters
            .askLeader(
                MasterRequest.newBuilder().setCheckBlocks(question).build(),
                Duration.ZERO,
                PATIENCE)
            .getCheckBlocks();
    if (reply.getOffset() < needed || reply.getVerdictsCount() != keys.size()) {
      throw new IOException(
          "the leader answered for offset " + reply.getOffset() + ", asked for " + needed);
    }
    policies = reply.getPinnedCount() > 0;
    Set<Long> unsure = new LinkedHashSet<>();
    int dropped = 0;
    for (int i = 0; i < keys.size(); i++) {
      BlockKey key = keys.get(i);
      BlockVerdict verdict = reply.getVerdicts(i);
      if (verdict != BlockVerdict.DROP) {
        keep(key, verdict, reply.getPinnedCount() > i && reply.getPinned(i));
      } else if (mayDrop(key)) {
        dropped += unnamed.add(key) ? 1 : 0;
      } else if (suspects.contains(key.inode())) {
        unsure.add(key.inode());
      }
    }
    if (dropped > 0) {
      LOG.info("let {} blocks go that nothing names any more", dropped);
    }
    for (long inode : unsure) {
      dropIfGone(inode);
    }
  }

  private void keep(BlockKey key, BlockVerdict verdict, boolean pinned) throws IOException {
    unnamed.remove(key);
    store.keep(key, pinned);
    if (verdict == BlockVerdict.SURPLUS) {
      boolean unused = store.dropIfCached(key);
    } else if (verdict == BlockVerdict.FEW) {
      few.accept(key);
    }
    if (verdict == BlockVerdict.KEEP_PINNED) {
      store.pin(key);
    } else if (store.stateOf(key).orElse(null) != BlockState.WRITING
        || store.writtenAndIdle(key, grace.toNanos())) {
      store.unpin(key);
    }
  }

  private boolean mayDrop(BlockKey key) {
    return store.stateOf(key).orElse(BlockState.CACHED) == BlockState.CACHED
        || store.writtenAndIdle(key, grace.toNanos());
  }

  /** A file that is gone will never be committed: what was written for it can go at once. */
  private void dropIfGone(long inode) throws IOException {
    Query query =
        Query.newBuilder()
            .setGetEntry(GetEntry.newBuilder().setAt(EntryRef.newBuilder().setInode(inode)))
            .build();
    try {
      masters.askLeader(
          MasterRequest.newBuilder().setQuery(query).build(), Duration.ZERO, PATIENCE);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      store.keysOf(inode).forEach(unnamed::add);
    }
  }
}
