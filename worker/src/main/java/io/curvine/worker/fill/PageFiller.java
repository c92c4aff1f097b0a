/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.fill;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.store.Block;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches missing pages from UFSs. Thread-safe. A page is fetched once however many wait for it;
 * pages side by side that wait for a thread are fetched in one range.
 */
public final class PageFiller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PageFiller.class);
  private static final int QUEUE_MAX = 16_384;

  private final UfsDirectory ufsOf;
  private final int rangePages;
  private final ThreadPoolExecutor threads;
  private final Map<Block, Waiting> waiting = new HashMap<>();
  private final AtomicLong fetches = new AtomicLong();
  private final AtomicLong fetchedBytes = new AtomicLong();

  /** A filler with its own threads; a range is at most {@code maxRangeBytes}. */
  public PageFiller(UfsDirectory ufsOf, int fillThreads, long maxRangeBytes) {
    this.ufsOf = ufsOf;
    this.rangePages = (int) (maxRangeBytes / PAGE_SIZE_BYTES);
    this.threads =
        new ThreadPoolExecutor(
            fillThreads,
            fillThreads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            new DefaultThreadFactory("fill", true));
  }

  /** The pages of one block and source that wait or are being fetched. */
  private static final class Waiting {
    final Block block;
    final FillSource source;
    final TreeMap<Integer, CompletableFuture<Void>> queued = new TreeMap<>();
    final Map<Integer, CompletableFuture<Void>> fetching = new HashMap<>();

    Waiting(Block block, FillSource source) {
      this.block = block;
      this.source = source;
    }
  }

  /**
   * Gets pages into the block, to which the caller holds a reference. Ends when all are there, or
   * exceptionally with the CurvineException of the first that is not: the UFS's, NO_SPACE, BUSY.
   */
  public CompletableFuture<Void> fill(Block block, List<Integer> pages, FillSource source) {
    if (pages.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    int begun = 0;
    synchronized (waiting) {
      Waiting mine = waiting.computeIfAbsent(block, b -> new Waiting(b.share(), source));
      for (int page : pages) {
        CompletableFuture<Void> answer = mine.fetching.get(page);
        answer = answer == null ? mine.queued.get(page) : answer;
        if (answer == null) {
          answer = new CompletableFuture<>();
          mine.queued.put(page, answer);
          begun++;
        }
        answers.add(answer);
      }
    }
    if (begun > 0) {
      start(block, begun);
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
  }

  private void start(Block block, int tasks) {
    try {
      for (int i = 0; i < tasks; i++) {
        threads.execute(() -> fetchOne(block));
      }
    } catch (RejectedExecutionException e) {
      CurvineException busy =
          new CurvineException(ErrorCode.BUSY, QUEUE_MAX + " fills are waiting already", e);
      List<CompletableFuture<Void>> refused;
      synchronized (waiting) {
        Waiting mine = waiting.get(block);
        refused = mine == null ? List.of() : List.copyOf(mine.queued.values());
        if (mine != null) {
          mine.queued.clear();
          forgetIfIdle(mine);
        }
      }
      refused.forEach(r -> r.completeExceptionally(busy));
    }
  }

  /** Takes the first run of queued pages of the block, if any is left, and fetches it. */
  private void fetchOne(Block block) {
    TreeMap<Integer, CompletableFuture<Void>> run = new TreeMap<>();
    Waiting mine;
    synchronized (waiting) {
      mine = waiting.get(block);
      if (mine == null || mine.queued.isEmpty()) {
        return;
      }
      int next = mine.queued.firstKey();
      while (run.size() < rangePages && mine.queued.containsKey(next)) {
        CompletableFuture<Void> answer = mine.queued.remove(next);
        run.put(next, answer);
        mine.fetching.put(next, answer);
        next++;
      }
    }
    CurvineException failure = fetch(block, run.firstKey(), run.lastKey(), mine.source);
    synchronized (waiting) {
      run.keySet().forEach(mine.fetching::remove);
      forgetIfIdle(mine);
    }
    for (CompletableFuture<Void> answer : run.values()) {
      if (failure == null) {
        answer.complete(null);
      } else {
        answer.completeExceptionally(failure);
      }
    }
  }

  private void forgetIfIdle(Waiting mine) {
    if (mine.queued.isEmpty() && mine.fetching.isEmpty()) {
      if (waiting.remove(mine.block, mine)) {
        mine.block.release();
      }
    }
  }

  private CurvineException fetch(Block block, int first, int last, FillSource source) {
    try {
      long from = (long) first * PAGE_SIZE_BYTES;
      long to = Math.min((last + 1L) * PAGE_SIZE_BYTES, source.limitBytes());
      if (to <= from) {
        return new CurvineException(
            ErrorCode.INVALID_ARGUMENT,
            "page "
                + first
                + " of block "
                + block.key()
                + " is past its "
                + source.limitBytes()
                + " valid bytes");
      }
      byte[] bytes = read(source, from, (int) (to - from));
      for (int page = first; page <= last; page++) {
        int at = (page - first) * PAGE_SIZE_BYTES;
        int length = Math.min(PAGE_SIZE_BYTES, bytes.length - at);
        if (length > 0) {
          block.putPage(page, ByteBuffer.wrap(bytes, at, length));
        }
      }
      return null;
    } catch (CurvineException e) {
      return e;
    } catch (IOException | RuntimeException e) {
      LOG.warn("fill of block {} from {} failed", block.key(), source.path(), e);
      return new CurvineException(
          ErrorCode.UFS_ERROR, "reading " + source.path() + " failed: " + e, e);
    }
  }

  /**
   * Reads part of a block from its UFS, wholly or not at all: bytes that came before an UFS_CHANGED
   * are of no use.
   */
  public byte[] read(FillSource source, long offsetInBlock, int length) throws IOException {
    byte[] bytes = new byte[length];
    fetches.incrementAndGet();
    try (InputStream in =
        ufsOf
            .of(source.mountId())
            .open(source.path(), source.version(), source.blockOffset() + offsetInBlock, length)) {
      int count = in.readNBytes(bytes, 0, length);
      if (count < length || in.read() >= 0) {
        throw new EOFException("the UFS gave " + count + " bytes of " + length);
      }
    }
    fetchedBytes.addAndGet(length);
    return bytes;
  }

  /** Ranges asked of UFSs so far. */
  public long fetches() {
    return fetches.get();
  }

  /** Bytes that came from UFSs so far. */
  public long fetchedBytes() {
    return fetchedBytes.get();
  }

  /** Ends the threads when their ranges are done; what waits is abandoned. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
