/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.proto.Admission;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.fill.FillSource;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.net.WantedRanges.Range;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.PageCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * Answers READ and READ_RANGES: from the cache where the pages are there and right, after a fill
 * where they are missing and the request says where from. Thread-safe; waits for fills without
 * holding a thread.
 *
 * <p>Whole chunks go from the file to the socket with the checksums that are kept of them: whoever
 * receives them tells whether they are right, and asks with FLAG_CHECK where they are not. Parts of
 * chunks are read and compared here.
 */
final class ReadService {
  /**
   * A page that a fill brought and that is missing or corrupt again right away: the disk is bad.
   */
  private static final int ATTEMPTS_MAX = 3;

  /** A longer read of pages that may be on the disk only checks them whole. */
  private static final int WHOLE_MIN_BYTES = 256 << 10;

  /** More ranges than these, or longer ones, are not put together on an event loop. */
  private static final int NOW_RANGES_MAX = 32;

  private static final int NOW_MAX_BYTES = 256 << 10;

  private final BlockStore store;
  private final PageFiller filler;
  private final AsideReads aside;
  private final SecondReads seconds = new SecondReads(System::nanoTime);
  private volatile FillListener fills = (block, wholeFile) -> {};

  ReadService(BlockStore store, PageFiller filler) {
    this.store = store;
    this.filler = filler;
    this.aside = new AsideReads(filler);
  }

  /** Who hears of blocks of which more is wanted than a read asks for. */
  void listen(FillListener hears) {
    fills = hears;
  }

  /**
   * The range asked for where it can be had without waiting for a disk; fit for an event loop.
   *
   * @return empty where it cannot: {@link #read} it
   */
  Optional<Reply> now(WantedRanges request, ReplyMemory memory) throws IOException {
    int ranges = request.ranges().size();
    boolean little = ranges == 1 || (ranges <= NOW_RANGES_MAX && request.length() <= NOW_MAX_BYTES);
    if (!little || request.length() <= 0 || request.doubted() || request.pastCache()) {
      return Optional.empty();
    }
    Optional<Block> held = store.acquireIfOpen(request.key());
    if (held.isEmpty()) {
      return Optional.empty();
    }
    try (Block block = held.get()) {
      boolean ready = true;
      for (Range range : request.ranges()) {
        ready = ready && block.ready(range.offset(), range.length());
      }
      return ready
          ? SealedRanges.serve(request, block, BlockHeader.FLAG_CACHED, memory)
          : Optional.empty();
    }
  }

  /**
   * One who reads.
   *
   * @param wanted false once nobody waits for the reply any more
   */
  record Reader(ReplyMemory memory, BooleanSupplier wanted) {}

  /**
   * The range asked for, as a reply to send; exceptionally a CurvineException, or {@link
   * ReplyMemory.FullException}: ask again later.
   */
  CompletableFuture<Reply> read(WantedRanges request, FillSource source, Reader reader) {
    try {
      return firstAttempt(request, source, reader);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Where a directory fails it has been taken out, and the block can be filled into another. */
  private CompletableFuture<Reply> firstAttempt(
      WantedRanges request, FillSource source, Reader reader) throws IOException {
    try {
      return attempt(request, source, reader, 1);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.INTERNAL || source == null) {
        throw e;
      }
      return attempt(request, source, reader, 2);
    }
  }

  private CompletableFuture<Reply> attempt(
      WantedRanges request, FillSource source, Reader reader, int attempt) throws IOException {
    if (request.length() == 0) {
      return CompletableFuture.completedFuture(
          Reply.bytes(request.header(), BlockHeader.FLAG_CACHED, 0, Unpooled.EMPTY_BUFFER));
    }
    BlockKey key = request.key();
    Optional<Block> held = request.pastCache() ? store.acquireUnseen(key) : store.acquire(key);
    if (held.isEmpty() && source == null) {
      throw new CurvineException(ErrorCode.BLOCK_NOT_FOUND, "block " + key + " is not here");
    }
    if (held.isEmpty() && !admits(request, source)) {
      return aside.read(request, source, reader);
    }
    Block block;
    try {
      block = held.isPresent() ? held.get() : make(key, source);
    } catch (CurvineException e) {
      return passThrough(request, source, reader, e);
    }
    return attempt(request, source, reader, block, attempt);
  }

  /** What the block does not have yet of its UFS is to be kept. */
  private boolean admits(WantedRanges request, FillSource source) {
    return !request.pastCache()
        && switch (source.policy().getAdmission()) {
          case ADMIT_NEVER -> false;
          case ADMIT_SECOND -> seconds.isSecond(request.key());
          case ADMIT_ALWAYS, UNRECOGNIZED -> true;
        };
  }

  private Block make(BlockKey key, FillSource source) throws IOException {
    CachePolicy policy = source.policy();
    Block made = store.acquireForFill(key, policy.getTier(), policy.getPinned());
    if (policy.getWholeFile() || policy.getCopies() > 1) {
      fills.madeForRead(key, policy.getWholeFile());
    }
    return made;
  }

  /** Lets go of the block. */
  private CompletableFuture<Reply> attempt(
      WantedRanges request, FillSource source, Reader reader, Block block, int attempt)
      throws IOException {
    try {
      BlockState state = block.state();
      if (state == BlockState.STALE) {
        throw new CurvineException(
            ErrorCode.BLOCK_NOT_FOUND, "what is here of block " + block.key() + " is out of date");
      }
      if (state == BlockState.WRITING) {
        if (source != null) { // the UFS has that version: this may be what its pipeline left behind
          return aside.read(request, source, reader);
        }
        checkWritten(request, block);
        return CompletableFuture.completedFuture(
            copy(request, block, flags(attempt), reader.memory()));
      }
      Optional<Reply> reply = serveChecked(request, block, reader, attempt);
      if (reply.isPresent()) {
        return CompletableFuture.completedFuture(reply.get());
      }
      List<Integer> missing = missingPages(request.ranges(), block);
      checkFillable(block, source, missing, attempt);
      request.checkWithin(source.limitBytes());
      boolean never = source.policy().getAdmission() == Admission.ADMIT_NEVER;
      if (request.pastCache() || never) {
        return aside.read(request, source, reader, block, missing);
      }
      if (source.policy().getPinned()) {
        store.keep(block.key(), true);
      }
      return fillAndRetry(request, source, reader, block.share(), missing, attempt);
    } finally {
      block.release();
    }
  }

  /** What is not written yet is not zeros: another may have it. */
  private static void checkWritten(WantedRanges request, Block block) throws CurvineException {
    if (request.end() > block.validLength()) {
      throw new CurvineException(
          ErrorCode.BLOCK_NOT_FOUND,
          "block " + block.key() + " is being written and has " + block.validLength() + " bytes");
    }
  }

  private static void checkFillable(
      Block block, FillSource source, List<Integer> missing, int attempt) throws IOException {
    boolean written = block.state() == BlockState.PINNED;
    if (written || attempt >= ATTEMPTS_MAX) {
      boolean corrupt = attempt >= ATTEMPTS_MAX || block.check(missing.get(0)) == PageCheck.CORRUPT;
      throw new CurvineException(
          corrupt ? ErrorCode.CORRUPT : ErrorCode.BLOCK_NOT_FOUND,
          "page "
              + missing.get(0)
              + " of block "
              + block.key()
              + (corrupt ? " is corrupt" : " is not here, nor in the UFS"));
    }
    if (source == null) {
      throw new CurvineException(
          ErrorCode.BLOCK_NOT_FOUND,
          "page " + missing.get(0) + " of block " + block.key() + " is not here");
    }
  }

  /** Goes on where the fill ends: another thread costs more than what is left to do. */
  private CompletableFuture<Reply> fillAndRetry(
      WantedRanges request,
      FillSource source,
      Reader reader,
      Block block,
      List<Integer> missing,
      int attempt) {
    return filler
        .fill(block, missing, source, reader.wanted())
        .handle(
            (filled, failure) -> {
              try (block) {
                if (failure == null) {
                  return attempt(request, source, reader, attempt + 1);
                }
                return passThrough(request, source, reader, Failures.of(failure));
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            })
        .thenCompose(reply -> reply);
  }

  /** A cache that is full is no reason not to read. */
  private CompletableFuture<Reply> passThrough(
      WantedRanges request, FillSource source, Reader reader, CurvineException failure)
      throws IOException {
    if (failure.code() != ErrorCode.NO_SPACE || source == null) {
      throw failure;
    }
    return aside.read(request, source, reader);
  }

  /** Empty where a page is missing or not right. */
  private static Optional<Reply> serveChecked(
      WantedRanges request, Block block, Reader reader, int attempt) throws IOException {
    List<Range> inDoubt = new ArrayList<>(1);
    for (Range range : request.ranges()) {
      if (!block.has(range.offset(), range.length())) {
        return Optional.empty();
      }
      boolean cold = // what was fetched just now, and what was looked at before that, is not
          attempt == 1
              && range.length() >= WHOLE_MIN_BYTES
              && !block.quick(range.offset(), range.length());
      if (cold || request.doubted()) {
        inDoubt.add(range);
      }
    }
    if (!missingPages(inDoubt, block).isEmpty()) {
      return Optional.empty();
    }
    Optional<Reply> reply = SealedRanges.serve(request, block, flags(attempt), reader.memory());
    if (reply.isPresent()) {
      request.ranges().forEach(range -> block.setWarm(range.offset(), range.length()));
    }
    return reply;
  }

  /** The pages of ranges that are missing, or turn out to be when they are checked. */
  private static List<Integer> missingPages(List<Range> ranges, Block block) throws IOException {
    SortedMap<Integer, Long> needed = new TreeMap<>();
    for (Range range : ranges) {
      for (int page = page(range.offset()); start(page) < range.end(); page++) {
        needed.merge(page, Math.min(PAGE_SIZE_BYTES, range.end() - start(page)), Long::max);
      }
    }
    List<Integer> missing = new ArrayList<>(1);
    for (Map.Entry<Integer, Long> each : needed.entrySet()) {
      int page = each.getKey();
      if (block.pageLength(page) < each.getValue() || block.check(page) != PageCheck.GOOD) {
        missing.add(page);
      }
    }
    return missing;
  }

  /** From a block that is written just now: what it holds so far. */
  private static Reply copy(WantedRanges request, Block block, int flags, ReplyMemory memory)
      throws IOException {
    int length = request.length();
    memory.take(length);
    boolean read = false;
    ByteBuf payload = null;
    try {
      payload = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
      for (Range range : request.ranges()) {
        int at = payload.writerIndex();
        block.read(payload.nioBuffer(at, range.length()), range.offset());
        payload.writerIndex(at + range.length());
      }
      read = true;
    } finally {
      if (!read) {
        ReferenceCountUtil.release(payload);
        memory.give(length);
      }
    }
    return Reply.bytes(request.header(), flags, Frames.checksum(payload), payload);
  }

  private static int flags(int attempt) {
    return attempt == 1 ? BlockHeader.FLAG_CACHED : 0;
  }
}
