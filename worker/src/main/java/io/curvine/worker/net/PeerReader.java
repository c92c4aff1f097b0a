/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.store.BlockKey;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Reads parts of blocks from other workers. Thread-safe; one connection each, made as needed. */
public final class PeerReader implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Duration timeout;
  private final Map<HostPort, PeerConnection> connections = new ConcurrentHashMap<>();

  /** A reader on those loops; {@code timeout} is for one answer. */
  public PeerReader(EventLoopGroup loops, Duration timeout) {
    this.loops = loops;
    this.timeout = timeout;
  }

  /**
   * Reads bytes of a block, and checks them; where they are wrong the worker checks them, once.
   *
   * @throws CurvineException where the worker refused; CORRUPT where the bytes are not what it sent
   * @throws IOException where it cannot be reached
   */
  public byte[] read(
      HostPort worker, BlockKey key, long offset, int length, BlockRequestExtra extra)
      throws IOException {
    Optional<byte[]> bytes = ask(worker, request(key, offset, length, 0), extra);
    if (bytes.isEmpty()) {
      bytes = ask(worker, request(key, offset, length, BlockHeader.FLAG_CHECK), extra);
    }
    return bytes.orElseThrow(
        () ->
            new CurvineException(
                ErrorCode.CORRUPT,
                "worker " + worker + " sent other bytes of " + key + " than it read"));
  }

  private static BlockHeader request(BlockKey key, long offset, int length, int flags) {
    return BlockHeader.request(
        BlockOp.READ, flags, 0, key.inode(), key.version(), key.index(), offset, length);
  }

  /** Empty where the bytes are not those that the worker has. */
  private Optional<byte[]> ask(HostPort worker, BlockHeader request, BlockRequestExtra extra)
      throws IOException {
    BlockFrame reply = await(connection(worker).call(request, extra, Unpooled.EMPTY_BUFFER));
    try {
      int length = (int) request.length();
      boolean whole =
          reply.payload().readableBytes() == length
              && (length == 0 || Frames.checksum(reply.payload()) == reply.header().crc32c());
      if (!whole) {
        return Optional.empty();
      }
      byte[] bytes = new byte[length];
      reply.payload().readBytes(bytes);
      return Optional.of(bytes);
    } finally {
      reply.release();
    }
  }

  private PeerConnection connection(HostPort worker) {
    return connections.compute(
        worker,
        (address, old) ->
            old != null && old.usable() ? old : new PeerConnection(loops, address, timeout));
  }

  private static BlockFrame await(CompletableFuture<BlockFrame> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = Failures.cause(e);
      if (cause instanceof PeerConnection.PeerRefusal refusal) {
        throw refusal.refusal();
      }
      throw cause instanceof IOException io ? io : new IOException(cause);
    }
  }

  @Override
  public void close() {
    connections.values().forEach(PeerConnection::close);
  }
}
