/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_FRAME_PAYLOAD_MAX_BYTES;
import static io.curvine.protocol.Limits.BLOCK_SIZE_MAX_BYTES;
import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

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
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Answers READ: from the cache where the pages are there and right, after a fill where they are
 * missing and the request says where from. Thread-safe; runs on the executor given, and waits for
 * fills without holding a thread.
 */
final class ReadService {
  /**
   * A page that a fill brought and that is missing or corrupt again right away: the disk is bad.
   */
  private static final int ATTEMPTS_MAX = 3;

  private final BlockStore store;
  private final PageFiller filler;
  private final Executor executor;

  ReadService(BlockStore store, PageFiller filler, Executor executor) {
    this.store = store;
    this.filler = filler;
    this.executor = executor;
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
    BlockKey key = new BlockKey(request.inode(), request.version(), request.index());
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
        return CompletableFuture.completedFuture(copy(request, block, attempt));
      }
      List<Integer> missing = missingPages(request, block);
      if (missing.isEmpty()) {
        return CompletableFuture.completedFuture(serve(request, block, attempt));
      }
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

  private CompletableFuture<Reply> fillAndRetry(
      BlockHeader request, FillSource source, Block block, List<Integer> missing, int attempt) {
    return filler
        .fill(block, missing, source)
        .handleAsync(
            (filled, failure) -> {
              try (block) {
                if (failure == null) {
                  return attempt(request, source, attempt + 1);
                }
                return passThrough(request, source, Failures.of(failure));
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            this::proceed)
        .thenCompose(reply -> reply);
  }

  /** What has begun goes on, on the filling thread where the queue of new requests is full. */
  private void proceed(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
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

  private static List<Integer> missingPages(BlockHeader request, Block block) throws IOException {
    List<Integer> missing = new ArrayList<>(1);
    long end = request.offset() + request.length();
    for (int page = (int) (request.offset() / PAGE_SIZE_BYTES);
        (long) page * PAGE_SIZE_BYTES < end;
        page++) {
      long needed = Math.min(PAGE_SIZE_BYTES, end - (long) page * PAGE_SIZE_BYTES);
      if (block.pageLength(page) < needed || block.check(page) != PageCheck.GOOD) {
        missing.add(page);
      }
    }
    return missing;
  }

  private static Reply serve(BlockHeader request, Block block, int attempt) throws IOException {
    int page = (int) (request.offset() / PAGE_SIZE_BYTES);
    boolean whole =
        request.offset() % PAGE_SIZE_BYTES == 0 && request.length() == block.pageLength(page);
    if (!whole) {
      return copy(request, block, attempt);
    }
    int checksum = block.pageChecksum(page);
    Block held = block.share();
    return Reply.file(
        request,
        flags(attempt),
        checksum,
        new Reply.SharedRegion(held.channel(), request.offset(), request.length(), held::release));
  }

  private static Reply copy(BlockHeader request, Block block, int attempt) throws IOException {
    int length = (int) request.length();
    ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
    try {
      ByteBuffer into = payload.nioBuffer(0, length);
      block.read(into, request.offset());
      payload.writerIndex(length);
      return Reply.bytes(request, flags(attempt), Frames.checksum(payload), payload);
    } catch (IOException e) {
      payload.release();
      throw e;
    }
  }

  private static int flags(int attempt) {
    return attempt == 1 ? BlockHeader.FLAG_CACHED : 0;
  }
}
