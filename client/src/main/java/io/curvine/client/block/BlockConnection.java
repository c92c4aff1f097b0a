/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a worker. For one thread at a time: send any number of requests, then receive
 * their answers. After an {@link IOException} it is closed and of no use.
 */
public final class BlockConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockConnection.class);

  /** The deadline where nothing is awaited. */
  private static final long NONE = 0;

  private final HostPort worker;
  private final SocketChannel channel;
  private final long answerTimeoutNanos;
  private final Consumer<BlockConnection> whenClosed;
  private final ByteBuffer sendHead = ByteBuffer.allocateDirect(BlockHeader.BYTES);
  private final ByteBuffer receiveHead = ByteBuffer.allocateDirect(BlockHeader.BYTES);
  private long lastRequestId;
  private boolean reused;
  private volatile long deadline = NONE;
  private volatile long usedAt = System.nanoTime();
  private volatile boolean late;

  BlockConnection(
      HostPort worker,
      SocketChannel channel,
      Duration answerTimeout,
      Consumer<BlockConnection> whenClosed) {
    this.worker = worker;
    this.channel = channel;
    this.answerTimeoutNanos = answerTimeout.toNanos();
    this.whenClosed = whenClosed;
  }

  public HostPort worker() {
    return worker;
  }

  /** It was in the pool: the worker may have closed it long ago. */
  public boolean reused() {
    return reused;
  }

  /** It was closed because the worker was silent for too long. */
  public boolean timedOut() {
    return late;
  }

  /** A number for the next request on this connection. */
  public long nextRequestId() {
    return ++lastRequestId;
  }

  /**
   * Sends a request whose header is complete but for the size of the extra part.
   *
   * @param extra null: none
   * @param payload from its position to its limit, both left as they are; as many bytes as the
   *     header says
   */
  public void send(BlockHeader header, BlockRequestExtra extra, ByteBuffer payload)
      throws IOException {
    byte[] extraBytes = extra == null ? new byte[0] : extra.toByteArray();
    sendHead.clear();
    withExtraBytes(header, extraBytes.length).writeTo(sendHead);
    sendHead.flip();
    ByteBuffer[] parts = {sendHead, ByteBuffer.wrap(extraBytes), payload.duplicate()};
    long left = BlockHeader.BYTES + (long) extraBytes.length + payload.remaining();
    startClock();
    try {
      while (left > 0) {
        left -= channel.write(parts);
      }
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      stopClock();
    }
  }

  private static BlockHeader withExtraBytes(BlockHeader h, int extraBytes) {
    return new BlockHeader(
        h.op(),
        0,
        h.flags(),
        h.requestId(),
        h.inode(),
        h.version(),
        h.index(),
        h.crc32c(),
        h.offset(),
        h.length(),
        extraBytes,
        h.payloadBytes());
  }

  /**
   * Receives the next answer.
   *
   * @param into gets the payload of an answer that is no error, its position moves; a larger
   *     payload than it has room for breaks the connection
   */
  public BlockReply receive(ByteBuffer into) throws IOException {
    startClock();
    try {
      receiveHead.clear();
      readFully(receiveHead);
      BlockHeader header = BlockHeader.readFrom(receiveHead.flip());
      readFully(ByteBuffer.allocate(header.extraBytes()));
      if (header.status() != 0) {
        ByteBuffer text = ByteBuffer.allocate(header.payloadBytes());
        readFully(text);
        return new BlockReply(worker, header, new String(text.array(), StandardCharsets.UTF_8));
      }
      if (header.payloadBytes() > into.remaining()) {
        throw new IOException(
            "an answer has " + header.payloadBytes() + " bytes, " + into.remaining() + " asked");
      }
      int limit = into.limit();
      into.limit(into.position() + header.payloadBytes());
      try {
        readFully(into);
      } finally {
        into.limit(limit);
      }
      return new BlockReply(worker, header, "");
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      stopClock();
    }
  }

  private void readFully(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("it closed the connection");
      }
      // An answer that comes slowly, but comes, is no silence.
      startClock();
    }
  }

  private IOException broken(Exception cause) {
    close();
    if (late) {
      return new IOException(
          "worker " + worker + " did not answer in " + answerTimeoutNanos / 1_000_000 + " ms",
          cause);
    }
    return new IOException("connection to worker " + worker + " broke: " + cause, cause);
  }

  // --- for the pool ---

  private void startClock() {
    long at = System.nanoTime() + answerTimeoutNanos;
    deadline = at == NONE ? 1 : at;
  }

  private void stopClock() {
    deadline = NONE;
  }

  void closeIfLate(long now) {
    long at = deadline;
    if (at != NONE && now - at > 0) {
      late = true;
      close();
    }
  }

  void markReused() {
    reused = true;
  }

  void becomeIdle() {
    usedAt = System.nanoTime();
  }

  long idleSince(long now) {
    return now - usedAt;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    whenClosed.accept(this);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("connection to worker {} did not close well", worker, e);
    }
  }
}
