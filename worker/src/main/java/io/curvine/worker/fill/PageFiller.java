/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.fill;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.page;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStream;
import io.curvine.worker.store.Block;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
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

  /** A page that waits or is being fetched, and who wants it. */
  private static final class Page {
    final CompletableFuture<Void> answer = new CompletableFuture<>();
    final List<BooleanSupplier> wanted = new ArrayList<>(1);

    boolean isWanted() {
      return wanted.stream().anyMatch(BooleanSupplier::getAsBoolean);
    }
  }

  /** The pages of one block and source that wait or are being fetched. */
  private static final class Waiting {
    final Block block;
    final FillSource source;
    final TreeMap<Integer, Page> queued = new TreeMap<>();
    final Map<Integer, Page> fetching = new HashMap<>();

    Waiting(Block block, FillSource source) {
      this.block = block;
      this.source = source;
    }

    /** Takes pages out of the queue that nobody wants any more. */
    List<Page> takeUnwanted() {
      List<Page> unwanted = queued.values().stream().filter(page -> !page.isWanted()).toList();
      queued.values().removeAll(unwanted);
      return unwanted;
    }

    /** The first pages of the queue that lie side by side, which are fetched from now on. */
    NavigableMap<Integer, Page> takeRun(int pagesMax) {
      NavigableMap<Integer, Page> run = new TreeMap<>();
      int next = queued.firstKey();
      while (run.size() < pagesMax && queued.containsKey(next)) {
        Page page = queued.remove(next);
        run.put(next, page);
        fetching.put(next, page);
        next++;
      }
      return run;
    }
  }

  /**
   * Gets pages into the block, to which the caller holds a reference. Ends when all are there, or
   * exceptionally with the CurvineException of the first that is not: the UFS's, NO_SPACE, BUSY.
   */
  public CompletableFuture<Void> fill(Block block, List<Integer> pages, FillSource source) {
    return fill(block, pages, source, () -> true);
  }

  /**
   * The same for one who may lose interest: what nobody wants any more when its turn comes is not
   * fetched, and ends with BUSY.
   *
   * @param wanted asked on other threads; must not wait
   */
  public CompletableFuture<Void> fill(
      Block block, List<Integer> pages, FillSource source, BooleanSupplier wanted) {
    if (pages.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    int begun = 0;
    synchronized (waiting) {
      Waiting mine = waiting.computeIfAbsent(block, b -> new Waiting(b.share(), source));
      for (int page : pages) {
        Page known = mine.fetching.get(page);
        known = known == null ? mine.queued.get(page) : known;
        if (known == null) {
          known = new Page();
          mine.queued.put(page, known);
          begun++;
        }
        known.wanted.add(wanted);
        answers.add(known.answer);
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
      CurvineException busy = busy(e);
      List<Page> refused;
      synchronized (waiting) {
        Waiting mine = waiting.get(block);
        refused = mine == null ? List.of() : List.copyOf(mine.queued.values());
        if (mine != null) {
          mine.queued.clear();
          forgetIfIdle(mine);
        }
      }
      refused.forEach(page -> page.answer.completeExceptionally(busy));
    }
  }

  private static CurvineException busy(RejectedExecutionException cause) {
    return new CurvineException(ErrorCode.BUSY, QUEUE_MAX + " fills are waiting already", cause);
  }

  private static CurvineException unwanted() {
    return new CurvineException(ErrorCode.BUSY, "nobody waited for it any more");
  }

  /** Takes the first run of queued pages of the block, if any is left, and fetches it. */
  private void fetchOne(Block block) {
    List<Page> unwanted;
    NavigableMap<Integer, Page> run = new TreeMap<>();
    Waiting mine;
    synchronized (waiting) {
      mine = waiting.get(block);
      if (mine == null) {
        return;
      }
      unwanted = mine.takeUnwanted();
      if (mine.queued.isEmpty()) {
        forgetIfIdle(mine);
      } else {
        run = mine.takeRun(rangePages);
      }
    }
    unwanted.forEach(page -> page.answer.completeExceptionally(unwanted()));
    if (!run.isEmpty()) {
      fetchRun(mine, run);
    }
  }

  private void fetchRun(Waiting mine, NavigableMap<Integer, Page> run) {
    CurvineException failure = fetch(mine.block, run.firstKey(), run.lastKey(), mine.source);
    synchronized (waiting) {
      run.keySet().forEach(mine.fetching::remove);
      forgetIfIdle(mine);
    }
    for (Page page : run.values()) {
      if (failure == null) {
        page.answer.complete(null);
      } else {
        page.answer.completeExceptionally(failure);
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
      fetch(block, source, from, to);
      return null;
    } catch (CurvineException e) {
      return e;
    } catch (IOException | RuntimeException | Error e) { // whatever it is: others wait for this
      LOG.warn("fill of block {} from {} failed", block.key(), source.path(), e);
      return failure(source, e);
    }
  }

  /**
   * All of it is in memory before any of it is kept: it counts only when the last byte is there.
   */
  private void fetch(Block block, FillSource source, long from, long to) throws IOException {
    List<ByteBuf> held = new ArrayList<>();
    try {
      List<ByteBuffer> pages = new ArrayList<>();
      for (long at = from; at < to; at += PAGE_SIZE_BYTES) {
        int length = (int) Math.min(PAGE_SIZE_BYTES, to - at);
        ByteBuf page = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        held.add(page);
        pages.add(page.nioBuffer(0, length));
      }
      read(source, from, pages);
      int page = page(from);
      for (ByteBuffer content : pages) {
        block.putPage(page, content.flip());
        page++;
      }
    } finally {
      held.forEach(ByteBuf::release);
    }
  }

  /**
   * Reads part of a block from its UFS, wholly or not at all: bytes that came before an UFS_CHANGED
   * are of no use.
   */
  public byte[] read(FillSource source, long offsetInBlock, int length) throws IOException {
    byte[] bytes = new byte[length];
    read(source, offsetInBlock, List.of(ByteBuffer.wrap(bytes)));
    return bytes;
  }

  private void read(FillSource source, long offsetInBlock, List<ByteBuffer> parts)
      throws IOException {
    long length = parts.stream().mapToLong(ByteBuffer::remaining).sum();
    fetches.incrementAndGet();
    try (UfsStream in =
        ufsOf
            .of(source.mountId())
            .open(source.path(), source.version(), source.blockOffset() + offsetInBlock, length)) {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          if (in.read(part) < 0) {
            throw new EOFException("the UFS gave fewer than the " + length + " bytes asked for");
          }
        }
      }
      if (in.read() >= 0) {
        throw new EOFException("the UFS gave more than the " + length + " bytes asked for");
      }
    }
    fetchedBytes.addAndGet(length);
  }

  /**
   * Reads part of a block that is not kept, on the threads of fills; exceptionally as {@link
   * #fill}.
   */
  public CompletableFuture<byte[]> readAside(
      FillSource source, long offsetInBlock, int length, BooleanSupplier wanted) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> readAsideNow(source, offsetInBlock, length, wanted, answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(busy(e));
    }
    return answer;
  }

  private void readAsideNow(
      FillSource source,
      long offsetInBlock,
      int length,
      BooleanSupplier wanted,
      CompletableFuture<byte[]> answer) {
    try {
      if (!wanted.getAsBoolean()) {
        throw unwanted();
      }
      answer.complete(read(source, offsetInBlock, length));
    } catch (IOException | RuntimeException | Error e) {
      answer.completeExceptionally(failure(source, e));
    }
  }

  private static CurvineException failure(FillSource source, Throwable cause) {
    return cause instanceof CurvineException known
        ? known
        : new CurvineException(
            ErrorCode.UFS_ERROR, "reading " + source.path() + " failed: " + cause, cause);
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
