/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_SIZE_MAX_BYTES;
import static io.curvine.protocol.Limits.REPLICAS_MAX;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.BlockWrite;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing of one block by one connection: here, and on the replicas after this one, which get
 * each request before it is carried out here. Used by one thread at a time; its futures end on
 * others.
 */
final class WriteSession {
  private static final Logger LOG = LoggerFactory.getLogger(WriteSession.class);

  private final BlockWrite block;
  private final Downstream below;

  private WriteSession(BlockWrite block, Downstream below) {
    this.block = block;
    this.below = below;
  }

  /** What a session needs of its worker. */
  record Context(BlockStore store, EventLoopGroup loops, Duration peerTimeout) {}

  /** The next replica of the pipeline. */
  private record Downstream(int workerId, HostPort address, PeerConnection connection) {
    static Downstream of(Context worker, BlockTarget target, WriteSession old) {
      HostPort address =
          new HostPort(target.getAddress().getHost(), target.getAddress().getDataPort());
      boolean same =
          old != null
              && old.below != null
              && old.below.address.equals(address)
              && old.below.connection.usable();
      PeerConnection connection =
          same
              ? old.below.connection
              : new PeerConnection(worker.loops, address, worker.peerTimeout);
      return new Downstream(target.getWorkerId(), address, connection);
    }
  }

  /**
   * Opens the block here, and begins to open it at the replicas.
   *
   * @param old the connection's earlier session for the block, ended by this; null: none. Its
   *     connection to the next replica is kept where that is the next one again, which keeps the
   *     order
   * @param opened gets the session's answer
   */
  static WriteSession open(
      Context worker, BlockFrame request, WriteSession old, CompletableFuture<Reply> opened)
      throws IOException {
    BlockHeader header = request.header();
    List<BlockTarget> pipeline = request.extra().getPipelineList();
    BlockKey key = new BlockKey(header.inode(), header.version(), header.index());
    Downstream below = null;
    BlockWrite block;
    try {
      checkOffset(header.length(), 0);
      checkPipeline(pipeline);
      below = pipeline.isEmpty() ? null : Downstream.of(worker, pipeline.get(0), old);
      block = worker.store.openForWrite(key, header.length(), WriteAck.ofFlags(header.flags()));
    } catch (IOException | RuntimeException e) {
      if (below != null) {
        below.connection.close();
      }
      throw e;
    } finally {
      if (old != null) {
        old.closeExcept(below);
      }
    }
    CompletableFuture<BlockFrame> answerBelow = null;
    if (below != null) {
      BlockRequestExtra rest =
          request.extra().toBuilder()
              .clearPipeline()
              .addAllPipeline(pipeline.subList(1, pipeline.size()))
              .build();
      answerBelow = below.connection.call(replica(header), rest, Unpooled.EMPTY_BUFFER);
    }
    WriteSession session = new WriteSession(block, below);
    if (below == null && inFile(header)) {
      opened.complete(session.file(header));
    } else {
      session.answer(header, answerBelow, opened);
    }
    return session;
  }

  static boolean inFile(BlockHeader header) {
    return (header.flags() & BlockHeader.FLAG_IN_FILE) != 0;
  }

  /**
   * Which file the client may write to. None in memory, which would count as the client's in a
   * container; none where this platform cannot tell files apart.
   */
  private Reply file(BlockHeader header) {
    Block opened = block.block();
    try {
      return opened.inMemory()
          ? Reply.ok(header)
          : Reply.message(header, LocalFiles.of(opened).build());
    } catch (IOException e) {
      LOG.debug("block {} is written through this worker: {}", opened.key(), e.toString());
      return Reply.ok(header);
    }
  }

  private static void checkPipeline(List<BlockTarget> pipeline) throws CurvineException {
    if (pipeline.size() >= REPLICAS_MAX) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "a pipeline of " + pipeline.size() + " more workers; at most " + (REPLICAS_MAX - 1));
    }
    for (BlockTarget target : pipeline) {
      int port = target.getAddress().getDataPort();
      if (target.getAddress().getHost().isBlank() || port < 1 || port > 65_535) {
        throw new CurvineException(
            ErrorCode.INVALID_ARGUMENT,
            "worker " + target.getWorkerId() + " of the pipeline has no host and port");
      }
    }
  }

  private static BlockHeader replica(BlockHeader h) {
    return new BlockHeader(
        h.op(),
        0,
        (h.flags() | BlockHeader.FLAG_REPLICA) & ~BlockHeader.FLAG_IN_FILE,
        h.requestId(),
        h.inode(),
        h.version(),
        h.index(),
        h.crc32c(),
        h.offset(),
        h.length(),
        0,
        0);
  }

  /** WRITE, SYNC, COMMIT or ABORT: sent on, carried out here, and answered when all have. */
  void carryOut(BlockFrame request, CompletableFuture<Reply> answer) throws IOException {
    BlockHeader header = request.header();
    if (below != null && inFile(header)) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "a block of several replicas is written through its workers, not to its file");
    }
    CompletableFuture<BlockFrame> answerBelow = null;
    if (below != null) {
      answerBelow =
          below.connection.call(
              header,
              BlockRequestExtra.getDefaultInstance(),
              request.payload().retainedDuplicate());
    }
    try {
      here(request);
    } catch (IOException | RuntimeException e) {
      if (answerBelow == null) {
        throw e;
      }
      // Not before those below: they have the payload still, and answers keep their order.
      answerBelow.whenComplete(
          (reply, failure) -> {
            release(reply);
            answer.completeExceptionally(e);
          });
      return;
    }
    answer(header, answerBelow, answer);
  }

  private void here(BlockFrame request) throws IOException {
    BlockHeader header = request.header();
    boolean fsync = (header.flags() & BlockHeader.FLAG_FSYNC) != 0;
    switch (header.op()) {
      case WRITE -> {
        if (inFile(header)) {
          takeOver(header, request.payload().nioBuffer());
        } else {
          write(header, request.payload().nioBuffer());
        }
      }
      case SYNC -> {
        checkOffset(header.length(), 0);
        block.sync(header.length());
      }
      case COMMIT -> {
        checkOffset(header.length(), 0);
        block.commit(header.length(), fsync);
      }
      case ABORT -> block.abort();
      default -> throw new IllegalArgumentException("not a write operation: " + header.op());
    }
  }

  private void write(BlockHeader header, ByteBuffer payload) throws IOException {
    checkOffset(header.offset(), header.payloadBytes());
    ChunkSums sums = ChunkSums.of(header.offset(), payload);
    check(header, sums.whole());
    block.write(payload, sums);
  }

  /** What the client has written to the file. */
  private void takeOver(BlockHeader header, ByteBuffer sums) throws IOException {
    check(header, Crc32c.of(sums));
    long length = header.length();
    if (length < 1 || length > BlockHeader.MAX_PAYLOAD_BYTES) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          length + " bytes in a file; allowed: 1 to " + BlockHeader.MAX_PAYLOAD_BYTES);
    }
    checkOffset(header.offset(), length);
    try {
      block.takeOver(ChunkSums.readFrom(header.offset(), (int) length, sums));
    } catch (IllegalArgumentException e) {
      throw new CurvineException(ErrorCode.INVALID_ARGUMENT, e.getMessage(), e);
    }
  }

  private static void check(BlockHeader header, int sum) throws CurvineException {
    if (sum != header.crc32c()) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "the payload of a WRITE does not match its checksum");
    }
  }

  private void answer(
      BlockHeader header,
      CompletableFuture<BlockFrame> answerBelow,
      CompletableFuture<Reply> answer) {
    if (answerBelow == null) {
      answer.complete(Reply.ok(header));
      return;
    }
    answerBelow.whenComplete(
        (reply, failure) -> {
          release(reply);
          answer.complete(failure == null ? Reply.ok(header) : refusalBelow(header, failure));
        });
  }

  private Reply refusalBelow(BlockHeader header, Throwable failure) {
    Throwable cause = Failures.cause(failure);
    if (cause instanceof PeerConnection.PeerRefusal refusal) {
      int who = refusal.workerId() == 0 ? below.workerId : refusal.workerId();
      return Reply.error(header, refusal.refusal(), who);
    }
    return Reply.error(
        header,
        new CurvineException(ErrorCode.NOT_READY, String.valueOf(cause.getMessage()), cause),
        below.workerId);
  }

  private static void release(BlockFrame reply) {
    if (reply != null) {
      reply.release();
    }
  }

  private static void checkOffset(long offset, long length) throws CurvineException {
    if (offset < 0 || offset > BLOCK_SIZE_MAX_BYTES - length) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "offset " + offset + " with " + length + " bytes is past the largest block");
    }
  }

  /** The connection is gone or the block done with: what was written stays. */
  void close() {
    closeExcept(null);
  }

  private void closeExcept(Downstream kept) {
    if (below != null && (kept == null || kept.connection != below.connection)) {
      below.connection.close();
    }
    block.close();
  }
}
