/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.Query;
import io.curvine.worker.cluster.MasterClient;
import io.curvine.worker.net.FillListener;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what policies want cached beside what readers ask for: the rest of a file that was read
 * for the first time, and copies at other workers. Each worker fills the blocks that it has begun,
 * and those that nobody has and that the masters would send a reader here for; of the other workers
 * each is asked for a byte of one that it should fill, and does the same. Thread-safe; several
 * threads may run it.
 *
 * <p>What fails is left to the next read, and to the next search for blocks with too few copies.
 */
public final class PolicyFills implements Runnable, AutoCloseable, FillListener {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyFills.class);

  /** What comes while so much waits is passed over. */
  static final int WAITING_MAX = 10_000;

  /** Files whose rest was fetched, or is. */
  private static final int FILES_MAX = 10_000;

  /** Of a layout that is asked for at once. */
  private static final long WINDOW_BYTES = 4L << 30;

  private static final int WHOLE = -1;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MasterClient masters;
  private final int workerId;
  private final FileContent content;
  private final BlockStore store;
  private final PartRunner parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition some = lock.newCondition();
  private final Set<BlockKey> waiting = new LinkedHashSet<>();

  /** By the key of the whole. */
  private final Set<BlockKey> files = new LinkedHashSet<>();

  private boolean closed;

  public PolicyFills(MasterClient masters, int workerId, JobRunner.Tools tools) {
    this.masters = masters;
    this.workerId = workerId;
    this.content = tools.content();
    this.store = tools.store();
    this.parts = new PartRunner(tools.store(), tools.filler(), inode -> {}); // a reader finds it
  }

  @Override
  public void madeForRead(BlockKey block, boolean wholeFile) {
    lock.lock();
    try {
      BlockKey file = new BlockKey(block.inode(), block.version(), WHOLE);
      boolean all = wholeFile && !files.contains(file);
      if (add(all ? file : block) && all) {
        files.add(file);
        if (files.size() > FILES_MAX) {
          files.remove(files.iterator().next());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Fewer workers than a policy wants have the block, which is here. */
  public void few(BlockKey block) {
    madeForRead(block, false);
  }

  private boolean add(BlockKey key) {
    boolean room = waiting.size() < WAITING_MAX && waiting.add(key);
    if (room) {
      some.signal();
    }
    return room;
  }

  /** Works until it is closed. */
  @Override
  public void run() {
    try {
      for (Optional<BlockKey> next = take(); next.isPresent(); next = take()) {
        work(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<BlockKey> take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        some.await();
      }
      if (closed) {
        return Optional.empty();
      }
      BlockKey first = waiting.iterator().next();
      waiting.remove(first);
      return Optional.of(first);
    } finally {
      lock.unlock();
    }
  }

  private void work(BlockKey wanted) {
    try {
      fetch(wanted);
    } catch (IOException | RuntimeException e) {
      LOG.info("what a policy wants of {} is not fetched: {}", wanted, e.toString());
      forget(wanted);
    }
  }

  private void forget(BlockKey wanted) {
    lock.lock();
    try {
      files.remove(wanted);
    } finally {
      lock.unlock();
    }
  }

  private void fetch(BlockKey wanted) throws IOException {
    long blockBytes = layout(wanted.inode(), 0, 1).getInode().getBlockSizeBytes();
    boolean whole = wanted.index() == WHOLE;
    long at = whole ? 0 : wanted.index() * blockBytes;
    Set<Integer> told = new HashSet<>();
    boolean more = true;
    while (more) {
      long bytes = whole ? WINDOW_BYTES / blockBytes * blockBytes : blockBytes;
      FileLayout layout = layout(wanted.inode(), at, bytes);
      fill(layout, told);
      at += bytes;
      more = whole && at < layout.getInode().getLengthBytes();
    }
  }

  private FileLayout layout(long inode, long offset, long length) throws IOException {
    GetLayout layout =
        GetLayout.newBuilder()
            .setAt(EntryRef.newBuilder().setInode(inode))
            .setOffsetBytes(offset)
            .setLengthBytes(length)
            .build();
    Query query = Query.newBuilder().setGetLayout(layout).build();
    return masters
        .askLeader(MasterRequest.newBuilder().setQuery(query).build(), Duration.ZERO, PATIENCE)
        .getQuery()
        .getLayout();
  }

  /**
   * Fills what is this worker's.
   *
   * @param told workers that begin the rest of the file themselves
   */
  private void fill(FileLayout layout, Set<Integer> told) throws IOException {
    FileLayout.Builder own = layout.toBuilder().clearBlocks();
    for (BlockLayout block : layout.getBlocksList()) {
      if (!block.getFillable() || block.getLocationsCount() == 0) {
        continue;
      }
      List<BlockLocation> others =
          block.getLocationsList().stream().filter(location -> !isHere(location)).toList();
      long holders = others.stream().filter(BlockLocation::getHolds).count();
      // The masters may not have heard yet of one that was just made.
      boolean here = store.stateOf(FileContent.key(layout, block)).isPresent();
      if (here || (holders == 0 && isHere(block.getLocations(0)))) {
        own.addBlocks(block);
        holders++;
      } else if (holders == 0 && told.add(block.getLocations(0).getWorkerId())) {
        begin(block.getLocations(0), layout, block);
      }
      long missing = layout.getUfs().getCache().getCopies() - holders;
      if (holders > 0 && missing > 0) {
        others.stream()
            .filter(location -> !location.getHolds())
            .limit(missing)
            .forEach(location -> begin(location, layout, block));
      }
    }
    Outcome outcome = parts.load(List.of(own.build()), Job.getDefaultInstance());
    if (!outcome.succeeded()) {
      throw new IOException(outcome.toProto(0).getError());
    }
  }

  private boolean isHere(BlockLocation location) {
    return location.getWorkerId() == workerId;
  }

  /** Has another worker make a block, and do with it as this one does with its own. */
  private void begin(BlockLocation other, FileLayout layout, BlockLayout block) {
    try {
      content.begin(other, layout, block);
    } catch (IOException e) {
      LOG.info(
          "worker {} does not fetch {}: {}",
          other.getWorkerId(),
          FileContent.key(layout, block),
          e.toString());
    }
  }

  /** Ends {@link #run}. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      some.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
