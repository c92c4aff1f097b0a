/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_FRAME_PAYLOAD_MAX_BYTES;
import static io.curvine.protocol.Limits.BLOCK_SIZE_MAX_BYTES;
import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;
import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.fill.FillSource;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.Block.PageCheck;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.PageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Answers READ: from the cache where the pages are there and right, after a fill where they are
 * missing and the request says where from. Thread-safe; waits for fills without holding a thread.
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

  private final BlockStore store;
  private final PageFiller filler;

  ReadService(BlockStore store, PageFiller filler) {
    this.store = store;
    this.filler = filler;
  }

  /**
   * The range asked for where it can be had without waiting for a disk; fit for an event loop.
   *
   * @return empty where it cannot: {@link #read} it
   */
  Optional<Reply> now(BlockHeader request) throws IOException {
    if (request.length() <= 0 || (request.flags() & BlockHeader.FLAG_CHECK) != 0) {
      return Optional.empty();
    }
    checkRange(request);
    Optional<Block> held = store.acquireIfOpen(key(request));
    if (held.isEmpty()) {
      return Optional.empty();
    }
    try (Block block = held.get()) {
      boolean there = block.ready(request.offset(), request.length());
      return there ? serve(request, block, BlockHeader.FLAG_CACHED) : Optional.empty();
    }
  }

  private static BlockKey key(BlockHeader request) {
    return new BlockKey(request.inode(), request.version(), request.index());
  }

  /** The range asked for, as a reply to send; exceptionally a CurvineException. */
  CompletableFuture<Reply> read(BlockHeader request, FillSource source) {
    try {
      checkRange(request);
      return firstAttempt(request, source);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Where a directory fails it has been taken out, and the block can be filled into another. */
  private CompletableFuture<Reply> firstAttempt(BlockHeader request, FillSource source)
      throws IOException {
    try {
      return attempt(request, source, 1);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.INTERNAL || source == null) {
        throw e;
      }
      return attempt(request, source, 2);
    }
  }

  private static void checkRange(BlockHeader request) throws CurvineException {
    boolean right =
        request.offset() >= 0
            && request.length() >= 0
            && request.offset() <= BLOCK_SIZE_MAX_BYTES
            && request.length() <= BLOCK_FRAME_PAYLOAD_MAX_BYTES;
    if (!right) {
      throw outOfRange(request, BLOCK_SIZE_MAX_BYTES);
    }
  }

  private static CurvineException outOfRange(BlockHeader request, long limitBytes) {
    return new CurvineException(
        ErrorCode.INVALID_ARGUMENT,
        "read of "
            + request.length()
            + " bytes at "
            + request.offset()
            + " is not within the "
            + limitBytes
            + " bytes that there are");
  }

  private CompletableFuture<Reply> attempt(BlockHeader request, FillSource source, int attempt)
      throws IOException {
    if (request.length() == 0) {
      return CompletableFuture.completedFuture(
          Reply.bytes(request, BlockHeader.FLAG_CACHED, 0, Unpooled.EMPTY_BUFFER));
    }
    BlockKey key = key(request);
    Optional<Block> held = store.acquire(key);
    if (held.isEmpty() && source == null) {
      throw new CurvineException(ErrorCode.BLOCK_NOT_FOUND, "block " + key + " is not here");
    }
    Block block;
    try {
      block = held.isPresent() ? held.get() : store.acquireForFill(key);
    } catch (CurvineException e) {
      return passThrough(request, source, e);
    }
    try {
      BlockState state = block.state();
      if (state == BlockState.STALE) {
        throw new CurvineException(
            ErrorCode.BLOCK_NOT_FOUND, "what is here of block " + key + " is out of date");
      }
      if (state == BlockState.WRITING) {
        return CompletableFuture.completedFuture(copy(request, block, flags(attempt)));
      }
      Optional<Reply> reply = serveChecked(request, block, attempt);
      if (reply.isPresent()) {
        return CompletableFuture.completedFuture(reply.get());
      }
      List<Integer> missing = missingPages(request, block);
      checkFillable(block, source, missing, attempt);
      if (request.offset() + request.length() > source.limitBytes()) {
        throw outOfRange(request, source.limitBytes());
      }
      return fillAndRetry(request, source, block.share(), missing, attempt);
    } finally {
      block.release();
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
      BlockHeader request, FillSource source, Block block, List<Integer> missing, int attempt) {
    return filler
        .fill(block, missing, source)
        .handle(
            (filled, failure) -> {
              try (block) {
                if (failure == null) {
                  return attempt(request, source, attempt + 1);
                }
                return passThrough(request, source, Failures.of(failure));
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            })
        .thenCompose(reply -> reply);
  }

  /** A cache that is full is no reason not to read. */
  private CompletableFuture<Reply> passThrough(
      BlockHeader request, FillSource source, CurvineException failure) throws IOException {
    if (failure.code() != ErrorCode.NO_SPACE || source == null) {
      throw failure;
    }
    byte[] bytes = filler.read(source, request.offset(), (int) request.length());
    ByteBuf payload = Unpooled.wrappedBuffer(bytes);
    return CompletableFuture.completedFuture(
        Reply.bytes(request, 0, Frames.checksum(payload), payload));
  }

  /** Empty where a page is missing or not right. */
  private static Optional<Reply> serveChecked(BlockHeader request, Block block, int attempt)
      throws IOException {
    long offset = request.offset();
    long length = request.length();
    if (!block.has(offset, length)) {
      return Optional.empty();
    }
    boolean cold = !block.quick(offset, length);
    boolean doubted = (request.flags() & BlockHeader.FLAG_CHECK) != 0;
    boolean whole = doubted || (cold && length >= WHOLE_MIN_BYTES);
    if (whole && !missingPages(request, block).isEmpty()) {
      return Optional.empty();
    }
    Optional<Reply> reply = serve(request, block, flags(attempt));
    if (reply.isPresent()) {
      block.setWarm(offset, length);
    }
    return reply;
  }

  /** The pages of a range that are missing, or turn out to be when they are checked. */
  private static List<Integer> missingPages(BlockHeader request, Block block) throws IOException {
    List<Integer> missing = new ArrayList<>(1);
    long end = request.offset() + request.length();
    for (int page = page(request.offset()); start(page) < end; page++) {
      long needed = Math.min(PAGE_SIZE_BYTES, end - start(page));
      if (block.pageLength(page) < needed || block.check(page) != PageCheck.GOOD) {
        missing.add(page);
      }
    }
    return missing;
  }

  /** From sealed pages that are there; empty where one of them is not right. */
  private static Optional<Reply> serve(BlockHeader request, Block block, int flags)
      throws IOException {
    int length = (int) request.length();
    PageReader reader = block.reader();
    OptionalInt sum = reader.sum(request.offset(), length);
    if (sum.isPresent()) {
      Block held = block.share();
      return Optional.of(
          Reply.file(
              request,
              flags,
              sum.getAsInt(),
              new Reply.SharedRegion(
                  held.channel(), dataAt(request.offset()), length, held::release)));
    }
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
    boolean right = false;
    try {
      right = reader.read(request.offset(), payload.nioBuffer(0, length));
    } finally {
      if (!right) {
        payload.release();
      }
    }
    return right ? Optional.of(reply(request, flags, payload)) : Optional.empty();
  }

  /** From a block that is written just now: what it holds so far. */
  private static Reply copy(BlockHeader request, Block block, int flags) throws IOException {
    int length = (int) request.length();
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
    try {
      block.read(payload.nioBuffer(0, length), request.offset());
    } catch (IOException e) {
      payload.release();
      throw e;
    }
    return reply(request, flags, payload);
  }

  private static Reply reply(BlockHeader request, int flags, ByteBuf payload) {
    payload.writerIndex((int) request.length());
    return Reply.bytes(request, flags, Frames.checksum(payload), payload);
  }

  private static int flags(int attempt) {
    return attempt == 1 ? BlockHeader.FLAG_CACHED : 0;
  }
}
